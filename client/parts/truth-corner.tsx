import { useEffect, useState } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount, formatDay, formatTime } from '#client/design/numbers.ts';
import { useStanding } from '#client/live/live-context.ts';
import type { PictureFragment } from '#client/wire/generated/graphql.ts';
import { ageOf, ageText } from './freshness.ts';
import styles from './truth-corner.module.css';

/**
 * The corner that is always there: whose figures these are (simulated, a rehearsal), how the line stands in a word, how
 * old the picture is, and where its source ends. It ticks by itself; nothing else renders with it.
 */
export function TruthCorner({ picture }: { picture: PictureFragment | null }) {
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

function Clock({ picture }: { picture: PictureFragment }) {
  const text = useText();
  const language = useLanguage();
  const { state, receivedAtMs } = useStanding();
  const nowMs = useSecond();
  const { shownMs, agoMs } = ageOf(Date.parse(picture.asOf), nowMs - (receivedAtMs ?? nowMs), state);
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
      return text('board.loading.progress', { count: formatCount(picture.whole.totals.enrolled, language) });
    }
    if (picture.sourceCutOff === null) return null;
    return text('live.source-cut-off', { date: formatDay(picture.sourceCutOff, language) });
  }
}

/** `performance.now()`, read anew twice a second. */
function useSecond(): number {
  const [nowMs, setNowMs] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return Math.max(nowMs, 0);
}
