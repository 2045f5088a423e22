import type { IncomingHttpHeaders } from 'node:http';
import type { Actor } from '#server/domain/access/policy.ts';
import type { Principals } from '#server/domain/access/principals.ts';
import type { Language } from '#texts/catalog.ts';

/** Who a credential stands for. `wrong`: one was presented and is not valid; never treated as none. */
export type Credential = { readonly actor: Actor | null } | { readonly actor: null; readonly isWrong: true };

const BEARER = /^Bearer +(\S+)$/i;
const KEY_CHARACTERS_MAX = 200;

/** Reads `Authorization: Bearer KEY`, or the same text from a socket's connection parameters. */
export async function readCredential(principals: Principals, authorization: unknown): Promise<Credential> {
  if (authorization === undefined || authorization === null) return { actor: null };
  const key = typeof authorization === 'string' ? BEARER.exec(authorization)?.[1] : undefined;
  if (!key || key.length > KEY_CHARACTERS_MAX) return { actor: null, isWrong: true };
  const actor = await principals.byKey(key);
  return actor ? { actor } : { actor: null, isWrong: true };
}

/** Indonesian unless the reader's first choice is English. */
export function readLanguage(headers: IncomingHttpHeaders): Language {
  return /^\s*en\b/i.test(headers['accept-language'] ?? '') ? 'en' : 'id';
}
