import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** argon2id at 19 MiB, two passes: OWASP's first choice for a server that does other things too (cheat sheet of 2025). */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** What is kept of a password, with its salt and cost in it. Takes some 30 ms off the main thread. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

export function isPassword(kept: string, password: string): Promise<boolean> {
  return verify(kept, password);
}

/** Read out and typed by hand: no letters or digits that look alike, about 58 random bits. */
export function newPassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const letters = Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}
