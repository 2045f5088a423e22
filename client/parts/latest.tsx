import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount, formatDelta } from '#client/design/numbers.ts';
import styles from './latest.module.css';
import type { Source } from './ticker.ts';
import { useTicker } from './use-ticker.ts';

interface Props {
  readonly source: Source;
  /** Whether a rise is told too; a fall always is, with its reason. */
  readonly hasRises: boolean;
}

/** What just moved, one line of it: a fall for as long as it takes to read why, else the newest rise. */
export function Latest({ source, hasRises }: Props) {
  const text = useText();
  const language = useLanguage();
  const { fall, places } = useTicker(source, 1);
  const notice = fall ?? (hasRises ? (places[0] ?? null) : null);
  if (notice === null) return null;
  const isFall = notice.delta < 0;
  const name = notice.name ?? text('board.fall.many', { count: formatCount(notice.districts, language) });
  return (
    <p className={isFall ? `${styles.latest} ${styles.fall}` : styles.latest} key={notice.key}>
      <b className={styles.delta}>{formatDelta(notice.delta, language)}</b>{' '}
      <span className={styles.name}>{name}</span>
      {isFall && <span className={styles.reason}> {text(`board.fall.${notice.reason ?? 'unstated'}`)}</span>}
    </p>
  );
}
