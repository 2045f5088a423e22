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
/** A token stands before its signature, and names its session. */
const SESSION_TOKEN = /kepling\.session_token=([^.;%\s]+)/g;
const WRONG: Credential = { actor: null, isWrong: true };

/**
 * Reads a key, `Bearer KEY`, or a session's cookie. A cookie that has run out is no credential: the page says so.
 * Where grants change meanwhile it is read again, so that nobody comes in by what was taken away in that moment.
 */
export async function readCredential(doorkeeper: Doorkeeper, presented: Presented): Promise<Credential> {
  for (;;) {
    const { changes } = doorkeeper.principals;
    const credential = await readOnce(doorkeeper, presented);
    if (doorkeeper.principals.changes === changes) return credential;
  }
}

async function readOnce({ principals, people }: Doorkeeper, presented: Presented): Promise<Credential> {
  const { cookie } = presented;
  if (hasKey(presented)) {
    const key = keyOf(presented);
    const actor = key === null ? null : await principals.byKey(key);
    return actor ? { actor } : WRONG;
  }
  if (!cookie?.includes(SESSION_COOKIE)) return { actor: null };
  const userId = await people.userOf(new Headers({ cookie }));
  if (userId === null) return { actor: null };
  const actor = await principals.byUser(userId);
  return actor ? { actor } : WRONG;
}

/** Who stands behind a credential, and until when: milliseconds since the epoch. A key has no end of its own. */
export interface Holder {
  readonly actor: Actor;
  readonly endsAt: number;
}

/**
 * Who stands behind credentials that were valid once, for all of them together: three queries, however many there are.
 * What was presented was judged when it came, so that a session is found by its token alone. A cookie that names
 * several has several holders.
 */
export async function readHolders(
  { principals, people }: Doorkeeper,
  all: Iterable<Presented>,
  now: number,
): Promise<(presented: Presented) => readonly Holder[]> {
  const keys = new Set<string>();
  const tokens = new Set<string>();
  for (const presented of all) {
    const key = keyOf(presented);
    if (key !== null) keys.add(key);
    for (const token of tokensOf(presented)) tokens.add(token);
  }
  const byKey = keys.size > 0 ? await principals.byKeys([...keys]) : new Map<string, Actor>();
  const sessions = tokens.size > 0 ? await people.openSessions([...tokens], now) : [];
  const users = new Set(sessions.map(({ userId }) => userId));
  const byUser = users.size > 0 ? await principals.byUsers([...users]) : new Map<string, Actor>();
  const byToken = new Map<string, Holder>();
  for (const { token, userId, endsAt } of sessions) {
    const actor = byUser.get(userId);
    if (actor) byToken.set(token, { actor, endsAt });
  }
  return (presented) => {
    const actor = byKey.get(keyOf(presented) ?? '');
    if (actor) return [{ actor, endsAt: Number.POSITIVE_INFINITY }];
    return tokensOf(presented).flatMap((token) => byToken.get(token) ?? []);
  };
}

function hasKey({ authorization }: Presented): boolean {
  return authorization !== undefined && authorization !== null;
}

/** The key that is presented; null where there is none, or what is there cannot be one. */
export function keyOf({ authorization }: Presented): string | null {
  const key = typeof authorization === 'string' ? BEARER.exec(authorization)?.[1] : undefined;
  return key && key.length <= KEY_CHARACTERS_MAX ? key : null;
}

function tokensOf(presented: Presented): readonly string[] {
  if (hasKey(presented)) return [];
  return Array.from(presented.cookie?.matchAll(SESSION_TOKEN) ?? [], ([, token = '']) => token);
}

/** Indonesian unless the reader's first choice is English. */
export function readLanguage(headers: IncomingHttpHeaders): Language {
  return /^\s*en\b/i.test(headers['accept-language'] ?? '') ? 'en' : 'id';
}
