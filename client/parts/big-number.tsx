import { Fragment } from 'react';
import styles from './big-number.module.css';

/** A written number at the size of a headline: there a point stands too far from the digits around it. */
export function BigNumber({ text }: { text: string }) {
  return text.split('.').map((digits, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: groups of digits are told apart by their place alone.
    <Fragment key={place}>
      {place > 0 && <span className={styles.point}>.</span>}
      {digits}
    </Fragment>
  ));
}
