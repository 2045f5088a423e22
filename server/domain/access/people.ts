import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { username } from 'better-auth/plugins/username';
import type { PrismaClient } from '#prisma/generated/client/client.ts';
import { hashPassword, isPassword } from './passwords.ts';

const SESSION_SECONDS = 12 * 3_600;
const RENEWED_AFTER_SECONDS = 3_600;

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
  const auth = betterAuth({
    baseURL: 'http://localhost',
    secret: secret.toString('base64'),
    database: prismaAdapter(prisma, { provider: 'postgresql' }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      password: { hash: hashPassword, verify: ({ hash, password }) => isPassword(hash, password) },
    },
    plugins: [username()],
    session: { expiresIn: SESSION_SECONDS, updateAge: RENEWED_AFTER_SECONDS },
    advanced: {
      cookiePrefix: 'kepling',
      // A venue's machine speaks plain HTTP in its own network; behind TLS the proxy's name decides.
      useSecureCookies: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'strict', path: '/' },
    },
    // The door counts tries itself, by address and name.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  });

  // Looking is not using: only `renew` prolongs, since only it can tell the browser.
  const look = (headers: Headers) => auth.api.getSession({ headers, query: { disableRefresh: true } });

  return {
    async signIn(name, password, headers) {
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
      const response = await auth.api.signOut({ headers, asResponse: true });
      return { hasEnded, setCookies: response.headers.getSetCookie() };
    },
    async renew(headers) {
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
