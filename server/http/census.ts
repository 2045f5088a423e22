import type { Actor } from '#server/domain/access/policy.ts';
import { SOCKET_LIMITS } from './http-limits.ts';

/** Counts sockets: those of whom nobody knows yet who they are, nobody's, and each account's. */
export interface Census {
  /** A new socket's place; null where there are too many, from its address or in all. */
  enter(address: string): Place | null;
  readonly total: number;
}

export interface Place {
  /** It has said who it is. False: there are too many of those; it keeps the place that it had. */
  settle(actor: Actor | null): boolean;
  /** Gives the place back, as often as one likes. */
  leave(): void;
}

export function createCensus(): Census {
  const counts = new Map<string, number>();
  let total = 0;
  const take = (kind: string, most: number): boolean => {
    const taken = counts.get(kind) ?? 0;
    if (taken >= most) return false;
    counts.set(kind, taken + 1);
    return true;
  };
  const giveBack = (kind: string) => {
    const left = (counts.get(kind) ?? 0) - 1;
    if (left > 0) counts.set(kind, left);
    else counts.delete(kind);
  };

  return {
    get total() {
      return total;
    },
    enter(address) {
      let kind: string | null = `new ${address}`;
      if (total >= SOCKET_LIMITS.total || !take(kind, SOCKET_LIMITS.newPerAddress)) return null;
      total += 1;
      return {
        settle(actor) {
          if (kind === null) return false;
          const next = actor ? `account ${actor.principalId}` : `nobody ${address}`;
          if (!take(next, actor ? SOCKET_LIMITS.perAccount : SOCKET_LIMITS.anonymousPerAddress)) return false;
          giveBack(kind);
          kind = next;
          return true;
        },
        leave() {
          if (kind === null) return;
          giveBack(kind);
          kind = null;
          total -= 1;
        },
      };
    },
  };
}
