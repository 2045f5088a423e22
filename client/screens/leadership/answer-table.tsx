import { memo } from 'react';
import { useText } from '#client/design/language.tsx';
import { PageLink } from '#client/parts/page-link.tsx';
import { Settling } from '#client/parts/settling.tsx';
import type { Dimension, Measure } from '#client/wire/generated/staff/graphql.ts';
import styles from './answer.module.css';
import type { AnswerRow, AnswerSort } from './answer-rows.ts';
import { shapeOf } from './measure.ts';

interface Props {
  readonly rows: readonly AnswerRow[];
  readonly total: AnswerRow | null;
  readonly measure: Measure;
  readonly by: Dimension;
  readonly caption: string;
  readonly sortedBy: AnswerSort;
  readonly isTurned: boolean;
  readonly onSort: (by: AnswerSort) => void;
  readonly bodyRef: (body: HTMLTableSectionElement | null) => void;
}

/** The answer's lines as a sentence each: name, figure of figure, share. Three short columns, on a phone too. */
export function AnswerTable({
  rows,
  total,
  measure,
  by,
  caption,
  sortedBy,
  isTurned,
  onSort,
  bodyRef,
}: Props) {
  const text = useText();
  const { kind } = shapeOf(measure);
  const hasShare = kind === 'part';
  const shareKey = shareKeyOf(measure);
  const head = (column: AnswerSort, name: string, className: string | undefined) => {
    const isFalling = (column === 'name') === isTurned;
    return (
      <th
        aria-sort={sortedBy === column ? (isFalling ? 'descending' : 'ascending') : 'none'}
        className={className}
        scope="col"
      >
        <button className={styles.sort} onClick={() => onSort(column)} type="button">
          {name}
          {sortedBy === column && <span aria-hidden="true"> {isTurned ? '↑' : '↓'}</span>}
        </button>
      </th>
    );
  };
  return (
    <table className={styles.rows}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {head('name', text(`by.${by}` as 'by.DAY'), styles.name)}
          {head('count', text(`column.${measure}`), styles.figure)}
          {hasShare && head('share', text(shareKey), styles.figure)}
        </tr>
      </thead>
      <tbody ref={bodyRef}>
        {rows.map((row) => (
          <Line by={by} hasShare={hasShare} isChange={kind === 'change'} key={row.code} {...row} />
        ))}
      </tbody>
      {total !== null && (
        <tfoot>
          <Line by={by} hasShare={hasShare} isChange={kind === 'change'} {...total} />
        </tfoot>
      )}
    </table>
  );
}

/** Of the target it is the achievement, by the word that it has everywhere; of another whole a share. */
function shareKeyOf(measure: Measure) {
  if (measure === 'EVEN_ACHIEVEMENT') return 'column.rate.EVEN_ACHIEVEMENT';
  return measure === 'ACHIEVEMENT' || measure === 'ENROLLED' ? 'column.rate.ACHIEVEMENT' : 'column.rate';
}

type LineProps = AnswerRow & {
  readonly by: Dimension;
  readonly hasShare: boolean;
  readonly isChange: boolean;
};

const Line = memo(function Line({
  by,
  code,
  name,
  countText,
  wholeText,
  shareText,
  hasShare,
  isChange,
}: LineProps) {
  const text = useText();
  return (
    <tr data-row={code}>
      <th className={styles.name} scope="row">
        {code !== '' && (by === 'DISTRICT' || by === 'VILLAGE') ? (
          <PageLink className="paper-link" to={`/${by === 'DISTRICT' ? 'districts' : 'villages'}/${code}`}>
            {name}
          </PageLink>
        ) : (
          name
        )}
      </th>
      <td className={styles.figure}>
        <Settling value={countText}>
          {countText}
          {wholeText !== '' && (
            <span className="figure-of">
              {' '}
              {isChange ? `${text('column.becoming')} ${wholeText}` : text('figure.of', { whole: wholeText })}
            </span>
          )}
        </Settling>
      </td>
      {hasShare && (
        <td className={styles.figure}>
          <b>{shareText}</b>
        </td>
      )}
    </tr>
  );
});
