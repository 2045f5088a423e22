import { type CSSProperties, memo } from 'react';
import { useLanguage, useSentence, useText } from '#client/design/language.tsx';
import { formatCount } from '#client/design/numbers.ts';
import styles from './payers.module.css';
import type { Bands } from './persistency.ts';

interface Props {
  readonly bands: Bands | null;
  /** What the whole width of the way stands for: each label begins under its segment, where there is room. */
  readonly whole: number;
}

/** The three bands of who still pays, in numbers and words; a plain sentence while nothing can be said. */
export const Payers = memo(function Payers({ bands, whole }: Props) {
  const text = useText();
  if (bands === null) return <p className={styles.missing}>{text('board.band.missing')}</p>;
  return (
    <dl className={styles.bands} style={columnsOf(bands, whole)}>
      <Band className={styles.paying} count={bands.paying} name={text('board.band.paying')} />
      <Band className={styles.tooNew} count={bands.tooNew} name={text('board.band.too-new')} />
      <Band className={styles.notPaying} count={bands.notPaying} name={text('board.band.not-paying')} />
    </dl>
  );
});

/** The first segments' widths as shares of the way; a band that is hidden has none, and its text makes its own room. */
function columnsOf({ paying, tooNew }: Bands, whole: number): CSSProperties {
  const share = (count: number | null) => (whole > 0 ? (count ?? 0) / whole : 0);
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

/** The mayor's own figure, of all who are enrolled: a sentence, for it is no fourth band but lies across the three. */
export const OneMonth = memo(function OneMonth({ count }: { count: number }) {
  const sentence = useSentence();
  const language = useLanguage();
  return (
    <p className={styles.sentence}>
      {sentence('board.one-month', {
        count: <b className={styles.number}>{formatCount(count, language)}</b>,
      })}
    </p>
  );
});
