/** `/sign-in`: a name, a password, and back to where one came from. What is wrong is said in words. */
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useId, useState } from 'react';
import { useText } from '#client/design/language.tsx';
import { border } from '#client/design/songket.ts';
import { useTitle } from '#client/design/use-title.ts';
import { useSession, useSessions } from '#client/live/session-context.ts';
import { destinationOf } from '#client/parts/home.ts';
import { LanguageSwitch } from '#client/parts/language-switch.tsx';
import type { SignIn as Outcome } from '#client/wire/session.ts';
import styles from './sign-in.module.css';

type Problem = Exclude<Outcome, 'signed-in'>;

export default function SignIn() {
  const text = useText();
  const sessions = useSessions();
  const session = useSession();
  useTitle(text('sign-in.title'));
  const { from } = useSearch({ strict: false }) as { from?: unknown };
  useEffect(() => {
    if (sessions.session.get().kind === 'unknown') void sessions.read();
  }, [sessions]);
  const { history } = useRouter();
  useEffect(() => {
    if (session.kind === 'person') history.replace(destinationOf(from, session.person));
  }, [session, from, history]);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Link
          className={styles.program}
          search={((now: { lang?: string }) => ({ lang: now.lang })) as never}
          to="/"
        >
          {text('page.title')}
        </Link>
        <LanguageSwitch className={styles.language} />
      </header>
      <main className={styles.main}>
        <h1 className={styles.title}>{text('sign-in.title')}</h1>
        <p className={styles.lead}>
          {typeof from === 'string' && `${text('sign-in.why')} `}
          {text('sign-in.lead')}
        </p>
        <Form />
      </main>
      <div aria-hidden="true" className={styles.border} style={{ backgroundImage: border }} />
    </div>
  );
}

function Form() {
  const text = useText();
  const sessions = useSessions();
  const [isChecking, setChecking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const id = useId();

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const username = String(fields.get('username') ?? '').trim();
    const password = String(fields.get('password') ?? '');
    if (username === '' || password === '') return setProblem('incomplete');
    // The word about the last try is not one about this, and the same word is to be read out again.
    setProblem(null);
    setChecking(true);
    const outcome = await sessions.signIn(username, password);
    setChecking(false);
    if (outcome === 'signed-in') return;
    setProblem(outcome);
    if (outcome === 'wrong') form.querySelector<HTMLInputElement>('[name=password]')?.select();
  }

  const isWrong = problem === 'wrong' || problem === 'incomplete';
  const field = (name: 'username' | 'password') => (
    <p className={styles.field}>
      <label className={styles.label} htmlFor={`${id}${name}`}>
        {text(`sign-in.${name}`)}
      </label>
      <input
        aria-describedby={problem === null ? undefined : `${id}problem`}
        aria-invalid={isWrong}
        autoCapitalize="none"
        autoComplete={name === 'username' ? 'username' : 'current-password'}
        className={styles.input}
        id={`${id}${name}`}
        name={name}
        spellCheck={false}
        type={name === 'username' ? 'text' : 'password'}
      />
    </p>
  );
  return (
    <form className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
      {field('username')}
      {field('password')}
      <p className={styles.problem} id={`${id}problem`} role="alert">
        {problem !== null && text(`sign-in.problem.${problem}`)}
      </p>
      <button className={styles.submit} disabled={isChecking} type="submit">
        {text(isChecking ? 'sign-in.submitting' : 'sign-in.submit')}
      </button>
    </form>
  );
}
