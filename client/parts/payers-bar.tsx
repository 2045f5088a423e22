import { type CSSProperties, memo } from 'react';
import styles from './payers-bar.module.css';
import type { Bands } from './persistency.ts';

/** Who of the enrolled still pays, as three lengths in the order paying, too new, not paying; nothing while unknown. */
export const PayersBar = memo(function PayersBar({ paying, tooNew, notPaying }: Bands) {
  if (paying === null || tooNew === null || notPaying === null) return null;
  if (paying + tooNew + notPaying === 0) return null;
  const sized = (count: number) => ({ flexGrow: count }) as CSSProperties;
  return (
    <span aria-hidden="true" className={styles.bar}>
      {paying > 0 && <i className={styles.paying} style={sized(paying)} />}
      {tooNew > 0 && <i className={styles.tooNew} style={sized(tooNew)} />}
      {notPaying > 0 && <i className={styles.notPaying} style={sized(notPaying)} />}
    </span>
  );
});
