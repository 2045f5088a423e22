import { Link, useLocation } from '@tanstack/react-router';
import { useText } from '#client/design/language.tsx';
import { useTitle } from '#client/design/use-title.ts';
import styles from './not-found.module.css';

/** An address that leads nowhere, with what to do next. */
export default function NotFound() {
  const text = useText();
  const { pathname } = useLocation();
  useTitle(text('missing.title'));
  return (
    <main className={styles.page}>
      <h1 className={styles.title}>{text('missing.title')}</h1>
      <p className={styles.about}>{text('missing.about', { address: pathname })}</p>
      <Link className={styles.link} to="/" search={(now) => now}>
        {text('missing.start')}
      </Link>
    </main>
  );
}
