import { type CSSProperties, memo } from 'react';
import styles from './share-bar.module.css';

/** How much of a whole is reached, as a length; gold once it is full. The number stands beside it, so it says nothing. */
export const ShareBar = memo(function ShareBar({ part, whole }: { part: number; whole: number }) {
  const share = whole > 0 ? Math.min(1, part / whole) : 0;
  return (
    <span
      aria-hidden="true"
      className={styles.track}
      data-is-full={share === 1}
      style={{ '--share': share } as CSSProperties}
    />
  );
});
