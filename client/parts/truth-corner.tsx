import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount, formatDay, formatTime } from '#client/design/numbers.ts';
import { useStanding } from '#client/live/live-context.ts';
import type { PictureFragment } from '#client/wire/generated/graphql.ts';
import { ageOf, ageText } from './freshness.ts';
import styles from './truth-corner.module.css';
import { useSecond } from './use-second.ts';

/** What the corner needs to know of a picture; how many are loaded, where the picture counts that. */
export type Aged = Pick<PictureFragment, 'mode' | 'isLoading' | 'asOf' | 'sourceCutOff'> & {
  readonly whole?: PictureFragment['whole'];
};

/**
 * The corner that is always there: whose figures these are (simulated, a rehearsal), how the line stands in a word, how
 * old the picture is, and where its source ends. It ticks by itself; nothing else renders with it.
 */
export function TruthCorner({ picture }: { picture: Aged | null }) {
  const text = useText();
  const { state } = useStanding();
  return (
    <aside className={styles.corner}>
      <p className={styles.line}>
        {picture !== null && picture.mode !== 'LIVE' && (
          <strong className={styles.mode}>
            {text(picture.mode === 'REHEARSAL' ? 'live.mode.rehearsal' : 'live.mode.demo')}
          </strong>
        )}
        <span className={styles.state} data-state-word={state}>
          {text(`live.state.${state}`)}
        </span>
      </p>
      <p className={styles.line}>{picture !== null && <Clock picture={picture} />}</p>
    </aside>
  );
}

function Clock({ picture }: { picture: Aged }) {
  const text = useText();
  const language = useLanguage();
  const { state, asOfAtMs } = useStanding();
  const nowMs = useSecond();
  const { shownMs, agoMs } = ageOf(Date.parse(picture.asOf), nowMs - (asOfAtMs ?? nowMs), state);
  const ago = agoMs === null ? null : ageText(agoMs);
  const note = noteOf();
  return (
    <>
      <span className={styles.time}>{text('live.as-of', { time: formatTime(shownMs, language) })}</span>
      {ago !== null && <span className={styles.age}>{text(ago.key, ago.values)}</span>}
      {note !== null && <span className={styles.note}>{note}</span>}
    </>
  );

  function noteOf(): string | null {
    if (picture.isLoading) {
      if (picture.whole === undefined) return text('board.loading');
      return text('board.loading.progress', { count: formatCount(picture.whole.totals.enrolled, language) });
    }
    if (picture.sourceCutOff === null) return null;
    return text('live.source-cut-off', { date: formatDay(picture.sourceCutOff, language) });
  }
}
