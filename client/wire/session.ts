/**
 * Who sits at this page. The session itself is a cookie that no script can read; here is only what the server said
 * about it last. Kept in memory, never in the browser's storage.
 */
import { createStore, type Store } from './store.ts';

export type AreaLevel = 'CITY' | 'DISTRICT' | 'VILLAGE' | 'NEIGHBORHOOD';

export interface Person {
  readonly username: string;
  readonly role: string;
  readonly area: { readonly code: string; readonly name: string; readonly level: AreaLevel };
}

export type Session =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'person'; readonly person: Person }
  /** Nobody could be asked yet. */
  | { readonly kind: 'unreachable' };

export type SignIn = 'signed-in' | 'wrong' | 'incomplete' | 'too-often' | 'unreachable';

export interface Sessions {
  readonly session: Store<Session>;
  /** Asks the server who this is. A server that is away changes nothing that is known. */
  read(): Promise<void>;
  signIn(username: string, password: string): Promise<SignIn>;
  /** True once the server has ended the session; false where it could not be told. */
  signOut(): Promise<boolean>;
}

/** `onChange` is called when another person, or nobody, sits at the page from now on. */
export function createSessions(onChange: () => void): Sessions {
  const session = createStore<Session>({ kind: 'unknown' });
  // A read that was asked before somebody signed in or out must not undo it.
  let turn = 0;

  function become(next: Session): void {
    const before = nameOf(session.get());
    session.set(next);
    if (nameOf(next) !== before) onChange();
  }

  return {
    session,
    async read() {
      const mine = turn;
      const answer = await send('GET');
      if (mine !== turn) return;
      if (answer?.status === 200) become({ kind: 'person', person: (await answer.json()) as Person });
      else if (answer?.status === 401) become({ kind: 'nobody' });
      else if (session.get().kind !== 'person') session.set({ kind: 'unreachable' });
    },
    async signIn(username, password) {
      turn++;
      const answer = await send('POST', { username, password });
      if (answer?.status === 200) {
        become({ kind: 'person', person: (await answer.json()) as Person });
        return 'signed-in';
      }
      if (answer?.status === 401) return 'wrong';
      if (answer?.status === 400) return 'incomplete';
      return answer?.status === 429 ? 'too-often' : 'unreachable';
    },
    async signOut() {
      turn++;
      const answer = await send('DELETE');
      if (answer === null || answer.status >= 500) return false;
      become({ kind: 'nobody' });
      return true;
    },
  };
}

function nameOf(session: Session): string {
  return session.kind === 'person' ? `${session.person.role} ${session.person.username}` : '';
}

async function send(method: string, body?: object): Promise<Response | null> {
  try {
    return await fetch('/session', {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch {
    return null;
  }
}
