import type { Actor } from '#server/domain/access/policy.ts';
import { SOCKET_LIMITS } from '../http-limits.ts';

/** Counts sockets: those of whom nobody knows yet who they are, nobody's, and each account's. */
export interface Census {
  /** A new socket's place; null where there are too many, from its address or in all. */
  enter(address: string): Place | null;
  readonly total: number;
}

export interface Place {
  /** As what it is counted: as its account, or as nobody at its address. It keeps that name after it has left. */
  readonly kind: string;
  /** It has said who it is. False: there are too many of those; it keeps the place that it had. */
  settle(actor: Actor | null): boolean;
  /** Gives the place back, as often as one likes. */
  leave(): void;
}

/** How many of each kind there are. */
class Counts {
  readonly #counts = new Map<string, number>();
  total = 0;

  take(kind: string, most: number): boolean {
    const taken = this.#counts.get(kind) ?? 0;
    if (taken >= most) return false;
    this.#counts.set(kind, taken + 1);
    return true;
  }

  giveBack(kind: string): void {
    const left = (this.#counts.get(kind) ?? 0) - 1;
    if (left > 0) this.#counts.set(kind, left);
    else this.#counts.delete(kind);
  }
}

class CountedPlace implements Place {
  readonly #counts: Counts;
  readonly #address: string;
  #kind: string;
  #hasLeft = false;

  constructor(counts: Counts, address: string, kind: string) {
    this.#counts = counts;
    this.#address = address;
    this.#kind = kind;
  }

  get kind(): string {
    return this.#kind;
  }

  settle(actor: Actor | null): boolean {
    if (this.#hasLeft) return false;
    const next = actor ? `account ${actor.principalId}` : `nobody ${this.#address}`;
    const most = actor ? SOCKET_LIMITS.perAccount : SOCKET_LIMITS.anonymousPerAddress;
    if (!this.#counts.take(next, most)) return false;
    this.#counts.giveBack(this.#kind);
    this.#kind = next;
    return true;
  }

  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#counts.giveBack(this.#kind);
    this.#counts.total -= 1;
  }
}

export function createCensus(): Census {
  const counts = new Counts();
  return {
    get total() {
      return counts.total;
    },
    enter(address) {
      const kind = `new ${address}`;
      if (counts.total >= SOCKET_LIMITS.total || !counts.take(kind, SOCKET_LIMITS.newPerAddress)) return null;
      counts.total += 1;
      return new CountedPlace(counts, address, kind);
    },
  };
}
