import { memo, useRef } from 'react';
import { useLanguage } from '#client/design/language.tsx';
import { formatWallRate } from '#client/design/numbers.ts';
import type { RankedRow } from './ranking.ts';
import styles from './ranking-list.module.css';
import { useGlide } from './use-glide.ts';

/** The leading areas by rate, best first; rows glide to their new places, and only a row whose figure moved renders. */
export function RankingList({ rows, title }: { rows: readonly RankedRow[]; title: string }) {
  const list = useRef<HTMLOListElement>(null);
  useGlide(
    list,
    rows.map(({ code }) => code),
    'below',
  );
  return (
    <section className={styles.ranking}>
      <h2 className={styles.title}>{title}</h2>
      <ol className={styles.list} ref={list}>
        {rows.map((row) => (
          <Row key={row.code} {...row} />
        ))}
      </ol>
    </section>
  );
}

const Row = memo(function Row({ code, name, rank, enrolled, target }: RankedRow) {
  const language = useLanguage();
  return (
    <li
      className={rank === 1 ? `${styles.row} ${styles.first}` : styles.row}
      data-area={code}
      data-enrolled={enrolled}
    >
      <span className={styles.rank}>{rank}</span>
      <span className={styles.name}>{name}</span>
      <span className={styles.rate}>{formatWallRate(enrolled, target, 1, language)}</span>
    </li>
  );
});
