import { type CSSProperties, memo } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount } from '#client/design/numbers.ts';
import styles from './payers.module.css';
import type { Bands } from './persistency.ts';

interface Props {
  readonly bands: Bands | null;
  /** What the whole width of the way stands for: each label begins under its segment, where there is room. */
  readonly target: number;
}

/** The three bands of who still pays, in numbers and words; a plain sentence while nothing can be said. */
export const Payers = memo(function Payers({ bands, target }: Props) {
  const text = useText();
  if (bands === null) return <p className={styles.missing}>{text('board.band.missing')}</p>;
  return (
    <dl className={styles.bands} style={columnsOf(bands, target)}>
      <Band className={styles.paying} count={bands.paying} name={text('board.band.paying')} />
      <Band className={styles.tooNew} count={bands.tooNew} name={text('board.band.too-new')} />
      <Band className={styles.notPaying} count={bands.notPaying} name={text('board.band.not-paying')} />
    </dl>
  );
});

/** The first segments' widths as shares of the way; a band that is hidden has none, and its text makes its own room. */
function columnsOf({ paying, tooNew }: Bands, target: number): CSSProperties {
  const share = (count: number | null) => (target > 0 ? (count ?? 0) / target : 0);
  return {
    '--paying': share(paying),
    '--too-new': share(tooNew),
  } as CSSProperties;
}

function Band({
  className,
  count,
  name,
}: {
  className: string | undefined;
  count: number | null;
  name: string;
}) {
  const text = useText();
  const language = useLanguage();
  return (
    <div className={`${styles.band} ${className}`}>
      <dt className={styles.name}>{name}</dt>
      {count === null ? (
        <dd className={styles.hidden}>{text('board.band.hidden')}</dd>
      ) : (
        <dd className={styles.count}>{formatCount(count, language)}</dd>
      )}
    </div>
  );
}

/** The mayor's own figure as one plain sentence: how many have paid exactly one month. */
export const OneMonth = memo(function OneMonth({ count }: { count: number }) {
  const text = useText();
  const language = useLanguage();
  const number = formatCount(count, language);
  const [before, after] = text('board.one-month', { count: number }).split(number);
  return (
    <p className={styles.sentence}>
      {before}
      <b className={styles.number}>{number}</b>
      {after}
    </p>
  );
});
