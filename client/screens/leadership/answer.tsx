import { useNavigate, useSearch } from '@tanstack/react-router';
import { useId, useMemo, useState } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount, formatDate, formatTime } from '#client/design/numbers.ts';
import { useWide } from '#client/design/use-narrow.ts';
import { districtCodeOf, villageCodeOf } from '#client/parts/area-sums.ts';
import { saveFile } from '#client/parts/save-file.ts';
import { useAttended } from '#client/parts/use-attended.ts';
import { useHeldOrder } from '#client/parts/use-held-order.ts';
import type { ProgramMode } from '#client/wire/generated/staff/graphql.ts';
import styles from './answer.module.css';
import { AnswerChart } from './answer-chart.tsx';
import { answerCsv } from './answer-csv.ts';
import { type AnswerSort, answerRows, foundRows, type Metric, sortedRows, totalRow } from './answer-rows.ts';
import { AnswerTable } from './answer-table.tsx';
import type { City } from './city.ts';
import { shapeOf } from './measure.ts';
import { hasPeriod, isOfTime, type Question } from './question.ts';
import { useLines } from './use-lines.ts';

interface Props {
  readonly question: Question;
  readonly metric: Metric;
  readonly city: City;
  readonly mode: ProgramMode;
}

/** Past so many rows bars are too many to be named, and a table wants a search. */
const namedBarsMax = 32;
const searchFrom = 30;

/** An answer: what was asked in words, drawn, and as a table that can be taken away. All of one revision. */
export function Answer({ question, metric, city, mode }: Props) {
  const text = useText();
  const language = useLanguage();
  const navigate = useNavigate();
  const searchId = useId();
  const isWide = useWide();
  const [body, setBody] = useState<HTMLTableSectionElement | null>(null);
  const lines = useLines(body);
  const { sort, find } = useSearch({ strict: false }) as { sort?: unknown; find?: unknown };
  const { isAttended, handlers } = useAttended();
  const { measure, by } = question;
  const area = question.area ?? city.code;
  const isTime = isOfTime(by);

  const { rows, total } = useMemo(() => {
    const wording = {
      measure,
      by,
      language,
      neighborhoodsOf: (code: string | null) =>
        by === 'NEIGHBORHOOD' && code !== null ? 1 : (city.neighborhoods.get(code ?? area) ?? null),
      nameOf: ({ code, name }: { code: string; name: string }) => {
        const parent =
          by === 'NEIGHBORHOOD' ? villageCodeOf(code) : by === 'VILLAGE' ? districtCodeOf(code) : '';
        const parentName = parent === area ? undefined : city.names.get(parent);
        return parentName === undefined ? name : `${name}, ${parentName}`;
      },
    };
    return { rows: answerRows(metric, wording), total: totalRow(metric, text('answer.total'), wording) };
  }, [metric, measure, by, language, city, area, text]);

  const asked = typeof sort === 'string' ? sort : '';
  const isTurned = asked.startsWith('-');
  const usual: AnswerSort = isTime ? 'name' : shapeOf(measure).draws === 'share' ? 'share' : 'count';
  const sortedBy =
    (['name', 'count', 'share'] as const).find((each) => asked.replace('-', '') === each) ?? usual;
  const search = typeof find === 'string' ? find : '';
  const ordered = useMemo(() => sortedRows(rows, sortedBy, isTurned), [rows, sortedBy, isTurned]);
  const held = useHeldOrder(ordered, `${sortedBy} ${isTurned} ${language}`, isAttended);
  const shown = rows.length > searchFrom && search !== '' ? foundRows(held, search) : held;

  const kind = isTime ? 'line' : rows.length > namedBarsMax ? 'skyline' : 'bars';
  // With room enough the bars stand beside the table's lines, which name them.
  const isBeside = kind === 'bars' && isWide;
  const drawn = isTime ? rows : isBeside ? shown : held;
  const title = text('answer.title', {
    measure: text(`measure.${measure}`),
    by: text(`by.${by}` as 'by.DAY'),
  });
  const asOf = metric.asOf;
  const keep = (part: Record<string, string | undefined>) =>
    navigate({
      search: ((now: object) => ({ ...now, ...part })) as never,
      replace: true,
      resetScroll: false,
    });

  return (
    <section
      className={styles.answer}
      data-is-beside={isBeside}
      data-kind={kind}
      data-metric-revision={metric.revision}
    >
      <header className={styles.head}>
        <div>
          <h2 className={styles.title}>{title}</h2>
          <p className={styles.about}>
            {text(hasPeriod(question) ? 'answer.about' : 'answer.about.at', {
              area: city.names.get(area) ?? area,
              from: formatDate(metric.from, language),
              to: formatDate(metric.to, language),
            })}
            {' · '}
            {text('answer.revision', {
              revision: formatCount(metric.revision, language),
              time: formatTime(Date.parse(asOf), language),
            })}
          </p>
        </div>
        <div className={`${styles.tools} not-printed`}>
          {rows.length > searchFrom && !isTime && (
            <p className={styles.search}>
              <label htmlFor={searchId}>{text('answer.search')}</label>{' '}
              <input
                className={styles.searchField}
                id={searchId}
                onChange={({ target }) => keep({ find: target.value || undefined })}
                type="search"
                value={search}
              />
            </p>
          )}
          <button className={styles.take} onClick={takeAway} type="button">
            {text('area.take-away')}
          </button>
        </div>
      </header>
      {rows.length === 0 ? (
        <p className={styles.nothing}>{text('answer.nothing')}</p>
      ) : (
        <>
          <AnswerChart
            key={`${kind} ${isBeside}`}
            beside={isBeside ? lines : null}
            kind={isBeside ? 'lines' : kind}
            label={text('answer.chart', { title })}
            rows={drawn}
          />
          <div className={styles.table} {...handlers}>
            {shown.length === 0 ? (
              <p className={styles.nothing}>{text('answer.empty', { search })}</p>
            ) : (
              <AnswerTable
                by={by}
                caption={title}
                bodyRef={setBody}
                isTurned={isTurned}
                measure={measure}
                onSort={(next) => keep({ sort: nextSort(next) })}
                rows={shown}
                sortedBy={sortedBy}
                total={search === '' ? total : null}
              />
            )}
          </div>
        </>
      )}
    </section>
  );

  function nextSort(next: AnswerSort): string | undefined {
    const text = next === sortedBy && !isTurned ? `-${next}` : next;
    return text === usual ? undefined : text;
  }

  function takeAway(): void {
    const { revision } = metric;
    const name = `kepling-${measure}-${by}-${area}-r${revision}.csv`.toLowerCase();
    saveFile(name, answerCsv({ rows: shown, measure, by, revision, asOf, mode, language, text }));
  }
}
