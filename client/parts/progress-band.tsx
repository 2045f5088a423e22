import { type CSSProperties, memo } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount, formatWallRate } from '#client/design/numbers.ts';
import { milestones, neededFor, nextMilestone } from './milestones.ts';
import type { Bands } from './persistency.ts';
import styles from './progress-band.module.css';

interface Props {
  readonly enrolled: number;
  readonly target: number;
  readonly bands: Bands | null;
}

/**
 * The way to the target as one thick band, with its milestones; under it, on the same scale and just as long as what
 * is enrolled, the honest pair: who of them still pays. Both move by transform alone.
 */
export const ProgressBand = memo(function ProgressBand({ enrolled, target, bands }: Props) {
  const text = useText();
  const language = useLanguage();
  const share = target > 0 ? Math.min(enrolled / target, 1) : 0;
  const next = nextMilestone(enrolled, target);
  const shares = bandShares(bands, enrolled);
  return (
    <section className={styles.road} style={{ '--share': share } as CSSProperties}>
      <p className={styles.next}>
        {next === null
          ? text('board.complete')
          : text('board.next-milestone', {
              missing: formatCount(next.missing, language),
              milestone: `${next.percent}%`,
            })}
      </p>
      <ol className={styles.marks}>
        {milestones.map((percent) => (
          <li
            className={styles.mark}
            data-is-reached={enrolled >= neededFor(percent, target) && target > 0}
            data-is-next={percent === next?.percent}
            key={percent}
            style={{ '--at': percent / 100 } as CSSProperties}
          >
            {percent}
          </li>
        ))}
      </ol>
      <div
        className={styles.track}
        role="img"
        aria-label={formatWallRate(enrolled, target, 2, language)}
        data-is-full={share === 1}
      >
        <div className={styles.fill} />
        {milestones.slice(0, -1).map((percent) => (
          <i className={styles.cut} key={percent} style={{ '--at': percent / 100 } as CSSProperties} />
        ))}
      </div>
      <div className={styles.pair}>
        {shares !== null && (
          <div className={styles.bands}>
            <i className={styles.paying} style={{ '--from': 0, '--size': shares.paying } as CSSProperties} />
            <i
              className={styles.tooNew}
              style={{ '--from': shares.paying, '--size': shares.tooNew } as CSSProperties}
            />
            <i
              className={styles.notPaying}
              style={{ '--from': shares.paying + shares.tooNew, '--size': shares.notPaying } as CSSProperties}
            />
          </div>
        )}
      </div>
    </section>
  );
});

/** The bands' shares of enrolled; null unless all three are known, for a strip with a piece missing would lie. */
function bandShares(bands: Bands | null, enrolled: number) {
  if (bands === null || enrolled <= 0) return null;
  const { paying, tooNew, notPaying } = bands;
  if (paying === null || tooNew === null || notPaying === null) return null;
  return { paying: paying / enrolled, tooNew: tooNew / enrolled, notPaying: notPaying / enrolled };
}
