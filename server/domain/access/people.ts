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

/** People who sign in with a name and a password. Machines and screens have keys and never come here. */
export interface People {
  /** Null for an unknown name and for a wrong password alike. */
  signIn(username: string, password: string, headers: Headers): Promise<SignedIn | null>;
  /** Ends the session of these headers. Gives what the browser is to forget. */
  signOut(headers: Headers): Promise<readonly string[]>;
  /** What the browser is to keep, where the session of these headers was prolonged; mostly nothing. */
  renew(headers: Headers): Promise<readonly string[]>;
  /** The user of the session of these headers; null where there is none. One query. */
  userOf(headers: Headers): Promise<string | null>;
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
      const response = await auth.api.signOut({ headers, asResponse: true });
      return response.headers.getSetCookie();
    },
    async renew(headers) {
      const { headers: answered } = await auth.api.getSession({ headers, returnHeaders: true });
      return answered.getSetCookie();
    },
    async userOf(headers) {
      // Looking is not using: only `renew` prolongs, since only it can tell the browser.
      const session = await auth.api.getSession({ headers, query: { disableRefresh: true } });
      return session?.user.id ?? null;
    },
  };
}
