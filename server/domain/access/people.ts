import type { PrismaClient } from '#prisma/generated/client/client.ts';
import type { Auth } from './auth.ts';

/** A signed-in person, and the headers that tell the browser so. */
export interface SignedIn {
  readonly userId: string;
  readonly setCookies: readonly string[];
}

/** What became of a session that was to end. */
export interface SignedOut {
  /** False: there was none, or it had ended already. */
  readonly hasEnded: boolean;
  /** What the browser is to forget. */
  readonly setCookies: readonly string[];
}

/** A session that has not ended. */
export interface OpenSession {
  readonly token: string;
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
}

/** People who sign in with a name and a password. Machines and screens have keys and never come here. */
export interface People {
  /** Reads what signing in needs, so that the first one who signs in does not wait for it. */
  prepare(): Promise<void>;
  /** Null for an unknown name and for a wrong password alike. */
  signIn(username: string, password: string, headers: Headers): Promise<SignedIn | null>;
  /** Ends the session of these headers. */
  signOut(headers: Headers): Promise<SignedOut>;
  /** What the browser is to keep, where the session of these headers was prolonged; mostly nothing. */
  renew(headers: Headers): Promise<readonly string[]>;
  /** The user of the session of these headers; null where there is none. One query. */
  userOf(headers: Headers): Promise<string | null>;
  /** Those of these sessions that are open at `now`, milliseconds since the epoch. One query. */
  openSessions(tokens: readonly string[], now: number): Promise<readonly OpenSession[]>;
}

/** `secret`: the session secret, never in the database. Nothing here asks the network. */
export function createPeople(prisma: PrismaClient, secret: Buffer): People {
  let asked: Promise<Auth> | null = null;
  // Much to read at a start, and no screen needs it: it is read beside the first screens, or when somebody signs in
  // before that.
  const ready = () => {
    asked ??= import('./auth.ts').then(({ createAuth }) => createAuth(prisma, secret));
    return asked;
  };

  // Looking is not using: only `renew` prolongs, since only it can tell the browser.
  const look = async (headers: Headers) =>
    (await ready()).api.getSession({ headers, query: { disableRefresh: true } });

  return {
    async prepare() {
      await ready();
    },
    async signIn(name, password, headers) {
      const auth = await ready();
      const response = await auth.api.signInUsername({
        body: { username: name, password },
        headers,
        asResponse: true,
      });
      if (!response.ok) return null;
      const { user } = (await response.json()) as { user: { id: string } };
      return { userId: user.id, setCookies: response.headers.getSetCookie() };
    },
    async signOut(headers) {
      const hasEnded = (await look(headers)) !== null;
      const auth = await ready();
      const response = await auth.api.signOut({ headers, asResponse: true });
      return { hasEnded, setCookies: response.headers.getSetCookie() };
    },
    async renew(headers) {
      const auth = await ready();
      const { headers: answered } = await auth.api.getSession({ headers, returnHeaders: true });
      return answered.getSetCookie();
    },
    async userOf(headers) {
      const session = await look(headers);
      return session?.user.id ?? null;
    },
    async openSessions(tokens, now) {
      const rows = await prisma.session.findMany({
        where: { token: { in: [...tokens] }, expiresAt: { gt: new Date(now) } },
        select: { token: true, userId: true, expiresAt: true },
      });
      return rows.map(({ token, userId, expiresAt }) => ({ token, userId, endsAt: expiresAt.getTime() }));
    },
  };
}
