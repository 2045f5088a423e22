/**
 * `/leadership`: where the city stands, in one number and what it means; and any question about it, put in a sentence
 * and answered as a chart, a table and a file with the same figures. The question is in the address. What is shown
 * follows the ledger: the number with every frame, the answer every few seconds.
 */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useLanguage, useSentence, useText } from '#client/design/language.tsx';
import { formatCount, formatDate, formatRate } from '#client/design/numbers.ts';
import { useTitle } from '#client/design/use-title.ts';
import { createLive, LiveContext, useStanding } from '#client/live/live-context.ts';
import { useSession } from '#client/live/session-context.ts';
import { useAnswer } from '#client/live/use-answer.ts';
import { useArea } from '#client/live/use-area.ts';
import { useCalm } from '#client/live/use-calm.ts';
import { AreaHero } from '#client/parts/area-hero.tsx';
import { gapOf, type Sums, sumsOf } from '#client/parts/area-sums.ts';
import { Failed, NotYours } from '#client/parts/common-notices.tsx';
import { Notice, Waiting } from '#client/parts/notice.tsx';
import { dayOf } from '#client/parts/pace.ts';
import { PageTruth } from '#client/parts/page-truth.tsx';
import {
  AnswerDocument,
  type AreaPictureFragment,
  CityAreasDocument,
} from '#client/wire/generated/staff/graphql.ts';
import { Answer } from './answer.tsx';
import { cityOf } from './city.ts';
import styles from './leadership.module.css';
import { addressOf, periodProblem, type Question, queryOf, questionOf } from './question.ts';
import { QuestionSentence } from './question-sentence.tsx';

/** An answer is asked anew at most this often while the ledger moves. */
const refreshMs = 4_000;

export default function Leadership() {
  const text = useText();
  const session = useSession();
  const [live] = useState(createLive);
  if (session.kind !== 'person') return null;
  if (session.person.area.level !== 'CITY') {
    return <NotYours title={text('city-only.title')} />;
  }
  return (
    <LiveContext value={live}>
      <Page code={session.person.area.code} name={session.person.area.name} />
    </LiveContext>
  );
}

function Page({ code, name }: { code: string; name: string }) {
  const text = useText();
  const { state } = useStanding();
  const picture = useArea(code, null);
  useTitle(name);
  return (
    <div
      data-epoch={picture?.epoch}
      data-revision={picture?.revision}
      data-as-of={picture?.asOf}
      data-state={state}
      data-mode={picture?.mode.toLowerCase()}
    >
      <header className={styles.head}>
        <h1 className={styles.name}>{name}</h1>
        {picture !== null && <PageTruth picture={picture} />}
      </header>
      {picture === null ? (
        <Waiting>{text('area.loading')}</Waiting>
      ) : (
        <>
          <AreaHero sums={sumsOf(picture.whole)}>
            <Lead sums={sumsOf(picture.whole)} />
          </AreaHero>
          <Asking picture={picture} />
        </>
      )}
    </div>
  );
}

function Lead({ sums }: { sums: Sums }) {
  const sentence = useSentence();
  const language = useLanguage();
  const { enrolled, target, even, complete, neighborhoods, oneMonth } = sums;
  const gap = gapOf(sums);
  return (
    <>
      {gap === 0 && target > 0
        ? sentence('area.lead.full', {})
        : sentence('area.lead.reached', {
            rate: <b>{formatRate(enrolled, target, 2, language)}</b>,
            gap: <b>{formatCount(gap, language)}</b>,
          })}{' '}
      {sentence('leadership.lead.meaning', {
        oneMonth: <b>{oneMonth === null ? '–' : formatCount(oneMonth, language)}</b>,
        complete: <b>{formatCount(complete, language)}</b>,
        neighborhoods: formatCount(neighborhoods, language),
        even: formatRate(even, target, 2, language),
      })}
    </>
  );
}

function Asking({ picture }: { picture: AreaPictureFragment }) {
  const text = useText();
  const language = useLanguage();
  const navigate = useNavigate();
  const question = questionOf(useSearch({ strict: false }));
  const { answer: areas, again: askAreas } = useAnswer(CityAreasDocument, {}, picture.epoch);
  const version = useCalm(`${picture.epoch} ${picture.revision}`, refreshMs);
  const city = useMemo(() => (areas?.kind === 'answered' ? cityOf(areas.data) : null), [areas]);
  const today = dayOf(picture.asOf);
  const problem = city === null ? null : periodProblem(question, city.startsOn, today);
  const { answer, isAsking, again } = useAnswer(
    AnswerDocument,
    city === null || problem !== null ? null : { query: queryOf(question) },
    version,
  );

  const put = (next: Question) =>
    navigate({
      search: ((now: object) => ({ ...now, ...addressOf(next), sort: undefined, find: undefined })) as never,
      replace: true,
      resetScroll: false,
    });

  const reset = () => void put(questionOf({}));

  if (areas?.kind === 'failed') return <Failed again={askAreas} />;
  if (city === null) return <Waiting>{text('area.loading')}</Waiting>;
  return (
    <section aria-busy={isAsking} className={styles.asking}>
      <h2 className={styles.title}>{text('question.title')}</h2>
      <QuestionSentence city={city} now={picture.asOf} onAsk={put} question={question} />
      {problem !== null ? (
        <CannotAnswer
          about={text(`answer.period.${problem}`, {
            first: formatDate(question.from ?? city.startsOn, language),
            last: formatDate(question.to ?? today, language),
            startsOn: formatDate(city.startsOn, language),
            today: formatDate(today, language),
          })}
          reset={reset}
        />
      ) : (
        <>
          {(answer === null || answer.kind === 'unauthenticated') && (
            <Waiting>{text('answer.loading')}</Waiting>
          )}
          {answer?.kind === 'failed' && <Failed again={again} />}
          {answer?.kind === 'refused' && <CannotAnswer about={text('answer.refused.about')} reset={reset} />}
          {answer?.kind === 'answered' && (
            <Answer city={city} metric={answer.data.metric} mode={picture.mode} question={question} />
          )}
        </>
      )}
    </section>
  );
}

function CannotAnswer({ about, reset }: { about: string; reset: () => void }) {
  const text = useText();
  return (
    <Notice about={about} title={text('answer.refused.title')}>
      <button onClick={reset} type="button">
        {text('answer.refused.reset')}
      </button>
    </Notice>
  );
}
