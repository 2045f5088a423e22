import { useText } from '#client/design/language.tsx';
import type { PictureFragment } from '#client/wire/generated/graphql.ts';
import styles from './standby.module.css';

/** Before the first figures, or when asked for: the program's name and, while nothing is known, that it waits. */
export function Standby({ picture }: { picture: PictureFragment | null }) {
  const text = useText();
  return (
    <section className={styles.standby}>
      <p className={styles.name}>{text('board.program')}</p>
      <p className={styles.place}>{picture === null ? text('board.standby') : picture.whole.area.name}</p>
    </section>
  );
}
