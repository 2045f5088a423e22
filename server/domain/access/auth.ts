import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { username } from 'better-auth/plugins/username';
import type { PrismaClient } from '#prisma/generated/client/client.ts';
import { hashPassword, isPassword } from './passwords.ts';

const SESSION_SECONDS = 12 * 3_600;
const RENEWED_AFTER_SECONDS = 3_600;

export type Auth = ReturnType<typeof createAuth>;

/** How people sign in. `secret`: the session secret, never in the database. Nothing here asks the network. */
export function createAuth(prisma: PrismaClient, secret: Buffer) {
  return betterAuth({
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
}
