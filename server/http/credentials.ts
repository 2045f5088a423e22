import type { IncomingHttpHeaders } from 'node:http';
import type { People } from '#server/domain/access/people.ts';
import type { Actor } from '#server/domain/access/policy.ts';
import type { Principals } from '#server/domain/access/principals.ts';
import type { Language } from '#texts/catalog.ts';

/** Who may be asked about a credential: keys of machines and screens, sessions of people. */
export interface Doorkeeper {
  readonly principals: Principals;
  readonly people: People;
}

/** What was presented. A key goes before a cookie: a machine may share a browser. */
export interface Presented {
  readonly authorization?: unknown;
  readonly cookie?: string | undefined;
}

/** Who a credential stands for. `isWrong`: one was presented and is not valid; never treated as none. */
export type Credential = { readonly actor: Actor | null } | { readonly actor: null; readonly isWrong: true };

const BEARER = /^Bearer +(\S+)$/i;
const KEY_CHARACTERS_MAX = 200;
const SESSION_COOKIE = 'kepling.session_token=';
const WRONG: Credential = { actor: null, isWrong: true };

/** Reads a key, `Bearer KEY`, or a session's cookie. A cookie that has run out is no credential: the page says so. */
export async function readCredential(
  { principals, people }: Doorkeeper,
  { authorization, cookie }: Presented,
): Promise<Credential> {
  if (authorization !== undefined && authorization !== null) {
    const key = typeof authorization === 'string' ? BEARER.exec(authorization)?.[1] : undefined;
    const actor = key && key.length <= KEY_CHARACTERS_MAX ? await principals.byKey(key) : null;
    return actor ? { actor } : WRONG;
  }
  if (!cookie?.includes(SESSION_COOKIE)) return { actor: null };
  const userId = await people.userOf(new Headers({ cookie }));
  if (userId === null) return { actor: null };
  const actor = await principals.byUser(userId);
  return actor ? { actor } : WRONG;
}

/** Indonesian unless the reader's first choice is English. */
export function readLanguage(headers: IncomingHttpHeaders): Language {
  return /^\s*en\b/i.test(headers['accept-language'] ?? '') ? 'en' : 'id';
}
