import { useLanguage, useText } from '#client/design/language.tsx';
import { formatWeekday } from '#client/design/numbers.ts';
import { border } from '#client/design/songket.ts';
import styles from './standby.module.css';

interface Props {
  /** Nothing is known yet: says that the board waits. */
  readonly isWaiting: boolean;
  readonly place: string | null;
  /** Program time, whose day is the ceremony's. */
  readonly asOf: string | null;
}

/** Before it begins: what this is, where, on which day; over a cloth that moves so slowly that nobody looks up for it. */
export function Standby({ isWaiting, place, asOf }: Props) {
  const text = useText();
  const language = useLanguage();
  return (
    <section className={styles.standby}>
      <div className={styles.cloth} aria-hidden="true">
        <div className={styles.row} style={{ backgroundImage: border }} />
      </div>
      <p className={styles.name}>{text('board.program')}</p>
      <p className={styles.place}>{isWaiting ? text('board.standby') : place}</p>
      {asOf !== null && <p className={styles.day}>{formatWeekday(Date.parse(asOf), language)}</p>}
    </section>
  );
}
