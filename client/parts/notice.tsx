import type { ReactNode } from 'react';
import styles from './notice.module.css';

interface Props {
  readonly title: string;
  readonly about?: string;
  /** What to do next: a link or a button. */
  readonly children?: ReactNode;
}

/** A state that is not the data, in words: what is the matter and what to do next. */
export function Notice({ title, about, children }: Props) {
  return (
    <div className={styles.notice} role="status">
      <h1 className={styles.title}>{title}</h1>
      {about !== undefined && <p className={styles.about}>{about}</p>}
      {children !== undefined && <p className={styles.next}>{children}</p>}
    </div>
  );
}

/** For the moment before the first data: one quiet line. */
export function Waiting({ children }: { children: string }) {
  return (
    <p className={styles.waiting} role="status">
      {children}
    </p>
  );
}
