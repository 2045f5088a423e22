import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount, formatDay, formatTime } from '#client/design/numbers.ts';
import { useStanding } from '#client/live/live-context.ts';
import { ageOf, ageText } from './freshness.ts';
import styles from './page-truth.module.css';
import { useSecond } from './use-second.ts';

interface Picture {
  readonly revision: number;
  readonly mode: 'DEMO' | 'LIVE' | 'REHEARSAL';
  readonly isLoading: boolean;
  readonly asOf: string;
  readonly sourceCutOff: string | null;
}

/**
 * What a page says of its figures, in one line of words: whether they are made up, how the line stands, how old they
 * are, which revision, and where the agency's data ends. Trouble gets a sentence of its own.
 */
export function PageTruth({ picture }: { picture: Picture }) {
  const text = useText();
  const language = useLanguage();
  const { state } = useStanding();
  const trouble = troubleOf();
  return (
    <aside className={styles.truth}>
      <p className={styles.line}>
        {picture.mode !== 'LIVE' && (
          <strong className={styles.mode}>
            {text(picture.mode === 'REHEARSAL' ? 'live.mode.rehearsal' : 'live.mode.demo')}
          </strong>
        )}
        <span className={styles.state} data-state-word={state}>
          {text(`live.state.${state}`)}
        </span>
        <Age asOf={picture.asOf} />
        <span>{text('truth.revision', { revision: formatCount(picture.revision, language) })}</span>
        <span>
          {picture.sourceCutOff === null
            ? text('truth.no-source')
            : text('truth.source-cut-off', { date: formatDay(picture.sourceCutOff, language) })}
        </span>
      </p>
      <p className={styles.trouble} role="status">
        {trouble}
      </p>
    </aside>
  );

  function troubleOf(): string | null {
    if (state === 'catching-up' || state === 'lost' || state === 'suspended') {
      return text(`truth.trouble.${state}`);
    }
    return picture.isLoading ? text('truth.loading') : null;
  }
}

/** It ticks by itself; nothing else renders with it. */
function Age({ asOf }: { asOf: string }) {
  const text = useText();
  const language = useLanguage();
  const { state, asOfAtMs } = useStanding();
  const nowMs = useSecond();
  const { shownMs, agoMs } = ageOf(Date.parse(asOf), nowMs - (asOfAtMs ?? nowMs), state);
  const ago = agoMs === null ? null : ageText(agoMs);
  return (
    <span>
      {text('live.as-of', { time: formatTime(shownMs, language) })}
      {ago !== null && <b className={styles.ago}> {text(ago.key, ago.values)}</b>}
    </span>
  );
}
