import type { CSSProperties } from 'react';
import { useText } from '#client/design/language.tsx';
import styles from './map-legend.module.css';
import { leaderColor, tileSteps } from './tile-scale.ts';

/** What the colors of the map stand for: the steps as one band with the rates at which they begin, and the gold. */
export function MapLegend() {
  const text = useText();
  return (
    <section className={styles.legend}>
      <h2 className={styles.title}>{text('board.map.legend')}</h2>
      <ol className={styles.steps}>
        {tileSteps.map(({ from, ground }, step) => (
          <li className={styles.step} key={from} style={{ '--step': step } as CSSProperties}>
            <i className={styles.color} style={{ '--ground': ground } as CSSProperties} />
            <span className={styles.from}>
              {step === 0 ? (
                <span className="visually-hidden">
                  {text('board.map.below', { rate: tileSteps[1]?.from ?? 100 })}
                </span>
              ) : (
                from
              )}
            </span>
          </li>
        ))}
      </ol>
      <p className={styles.leader} style={{ '--ground': leaderColor.ground } as CSSProperties}>
        <i className={styles.color} />
        {text('board.map.leader')}
      </p>
    </section>
  );
}
