/**
 * The frame around every page that asks who one is: the name of the program, the sections of this account, the other
 * language, the way out. Without a session it leads to the sign-in page and back again.
 */
import { Link, Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { Fragment, useEffect, useState, useSyncExternalStore } from 'react';
import { useText } from '#client/design/language.tsx';
import { useSession, useSessions } from '#client/live/session-context.ts';
import { usePageSocket } from '#client/live/socket-context.ts';
import { sectionsOf } from '#client/parts/home.ts';
import { LanguageSwitch } from '#client/parts/language-switch.tsx';
import { Notice, Waiting } from '#client/parts/notice.tsx';
import { PageLink } from '#client/parts/page-link.tsx';
import type { Person, Session } from '#client/wire/session.ts';
import styles from './shell.module.css';

const lookAgainMs = 8_000;

export default function Shell() {
  const session = useSession();
  useWatchedSession();
  useWayIn(session.kind === 'nobody');
  return (
    <div className={styles.shell}>
      {session.kind === 'person' && <Head person={session.person} />}
      <main className={styles.main} id="page" tabIndex={-1}>
        <Content session={session} />
      </main>
    </div>
  );
}

/** Leads to the door, once, with the address that one wanted; the page stands until the door's has come. */
function useWayIn(isNobody: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (!isNobody) return;
    const { href, search } = router.state.location;
    void router.navigate({
      to: '/sign-in',
      replace: true,
      search: { ...langOf(search), from: href } as never,
    });
  }, [isNobody, router]);
}

function langOf({ lang }: { lang?: string }): { lang?: string } {
  return lang === undefined ? {} : { lang };
}

/** The page of whoever sits here: somebody else gets it anew, with nothing left of what was shown before. */
function Content({ session }: { session: Session }) {
  const text = useText();
  const sessions = useSessions();
  if (session.kind === 'person') {
    const { role, username } = session.person;
    return (
      <Fragment key={`${role} ${username}`}>
        <Outlet />
      </Fragment>
    );
  }
  if (session.kind !== 'unreachable') return <Waiting>{text('shell.checking')}</Waiting>;
  return (
    <Notice about={text('shell.unreachable.about')} title={text('shell.unreachable.title')}>
      <button onClick={() => void sessions.read()} type="button">
        {text('shell.again')}
      </button>
    </Notice>
  );
}

/**
 * Asks who this is when the page opens, and again while there is no connection or no answer. What becomes of a session
 * meanwhile is watched for the whole page (`live/watch-session.ts`).
 */
function useWatchedSession(): void {
  const sessions = useSessions();
  const session = useSession();
  const { connection } = usePageSocket();
  const state = useSyncExternalStore(connection.subscribe, connection.get);
  const isDoubtful = state === 'down' || session.kind === 'unreachable';
  useEffect(() => {
    if (sessions.session.get().kind === 'unknown') void sessions.read();
  }, [sessions]);
  useEffect(() => {
    if (!isDoubtful) return;
    const timer = setInterval(() => void sessions.read(), lookAgainMs);
    return () => clearInterval(timer);
  }, [sessions, isDoubtful]);
}

function Head({ person }: { person: Person }) {
  const text = useText();
  const { pathname } = useLocation();
  return (
    <header className={`${styles.head} not-printed`}>
      <a className={styles.skip} href="#page">
        {text('shell.skip')}
      </a>
      <Link className={styles.program} search={((now: { lang?: string }) => langOf(now)) as never} to="/">
        {text('page.title')}
      </Link>
      <nav aria-label={text('shell.sections')} className={styles.sections}>
        {sectionsOf(person).map(({ to, label }) => (
          <span data-is-here={pathname === to || pathname.startsWith(`${to}/`)} key={to}>
            <PageLink className={styles.section} to={to}>
              {'text' in label ? text(label.text) : label.name}
            </PageLink>
          </span>
        ))}
      </nav>
      <div className={styles.account}>
        <LanguageSwitch className={styles.quiet} />
        <span className={styles.who}>{person.username}</span>
        <SignOut />
      </div>
    </header>
  );
}

function SignOut() {
  const text = useText();
  const sessions = useSessions();
  const [hasFailed, setFailed] = useState(false);
  return (
    <>
      <button
        className={styles.quiet}
        onClick={() => void sessions.signOut().then((isOut) => setFailed(!isOut))}
        type="button"
      >
        {text('shell.sign-out')}
      </button>
      {hasFailed && (
        <span className={styles.failed} role="alert">
          {text('shell.sign-out.failed')}
        </span>
      )}
    </>
  );
}
