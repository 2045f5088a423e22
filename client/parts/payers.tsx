import { memo } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount } from '#client/design/numbers.ts';
import styles from './payers.module.css';
import type { Bands } from './persistency.ts';

interface Props {
  readonly bands: Bands | null;
  /** How many have paid exactly one month; null where it is not known. */
  readonly oneMonth: number | null;
}

/** The three bands in words and numbers, and the mayor's own figure as one plain sentence. */
export const Payers = memo(function Payers({ bands, oneMonth }: Props) {
  const text = useText();
  const language = useLanguage();
  return (
    <section className={styles.payers}>
      {bands === null ? (
        <p className={styles.missing}>{text('board.band.missing')}</p>
      ) : (
        <dl className={styles.bands}>
          <Band className={styles.paying} count={bands.paying} name={text('board.band.paying')} />
          <Band className={styles.tooNew} count={bands.tooNew} name={text('board.band.too-new')} />
          <Band className={styles.notPaying} count={bands.notPaying} name={text('board.band.not-paying')} />
        </dl>
      )}
      {oneMonth !== null && (
        <p className={styles.sentence}>{text('board.one-month', { count: formatCount(oneMonth, language) })}</p>
      )}
    </section>
  );
});

function Band({ className, count, name }: { className: string | undefined; count: number | null; name: string }) {
  const text = useText();
  const language = useLanguage();
  return (
    <div className={`${styles.band} ${className}`}>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.count}>{count === null ? text('board.band.hidden') : formatCount(count, language)}</dd>
    </div>
  );
}
