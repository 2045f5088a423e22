import type { PostedEntry, WithdrawReason } from '#server/ledger/entry.ts';
import type { Tree } from './tree.ts';

/** How `enrolled` moved in one area by one revision, for one reason; null for people who came in. */
export interface Movement {
  readonly revision: number;
  /** Program time of its commit, in milliseconds. */
  readonly at: number;
  readonly areaId: number;
  readonly delta: number;
  readonly reason: WithdrawReason | null;
}

/** So many of each are told of an area, however long ago they were. */
export const TOLD_RISES = 8;
export const TOLD_FALLS = 4;

/** A neighborhood's own movement: all others are made of these. */
export type Move = Omit<Movement, 'areaId'> & { readonly neighborhoodId: number };

/**
 * What last came in and was taken out inside each area, by the areas one level down (a neighborhood by itself): by
 * place and number, never by person. A function of (epoch, revision): `newest` of the books, each neighborhood's last
 * few, makes the same as having listened all along, since whoever is missing there has newer ones that are told
 * instead.
 */
export class Movements {
  /** By index of the area, newest first. */
  readonly #rises = new Map<number, readonly Movement[]>();
  readonly #falls = new Map<number, readonly Movement[]>();
  readonly #tree: Tree;

  constructor(tree: Tree, newest: readonly Move[]) {
    this.#tree = tree;
    this.#take(newest);
  }

  /** Entries of whole revisions, in their order. */
  add(entries: readonly PostedEntry[]): void {
    this.#take(
      entries.flatMap(({ revision, postedAt, neighborhoodId, reason, change }) =>
        change.enrolled ? [{ revision, at: postedAt, neighborhoodId, reason, delta: change.enrolled }] : [],
      ),
    );
  }

  /** The newest movements inside an area, newest first, the largest of a revision before the others. */
  tell(index: number): readonly Movement[] {
    return [...(this.#rises.get(index) ?? []), ...(this.#falls.get(index) ?? [])].sort(byNewest);
  }

  #take(moves: readonly Move[]): void {
    for (let at = 0; at < moves.length; ) {
      const revision = moves[at]?.revision;
      const from = at;
      while (moves[at]?.revision === revision && at < moves.length) at++;
      this.#takeRevision(moves.slice(from, at));
    }
  }

  #takeRevision(moves: readonly Move[]): void {
    const told = new Map<number, Map<string, Movement>>();
    for (const { neighborhoodId, delta, ...move } of moves) {
      const own = this.#tree.indexOf.get(neighborhoodId) ?? -1;
      for (let index = own, part = own; index >= 0; part = index, index = this.#tree.parents[index] ?? -1) {
        const areaId = this.#tree.areas[part]?.id ?? neighborhoodId;
        const sums = told.get(index) ?? new Map<string, Movement>();
        const name = `${areaId} ${move.reason}`;
        sums.set(name, { ...move, areaId, delta: (sums.get(name)?.delta ?? 0) + delta });
        told.set(index, sums);
      }
    }
    for (const [index, sums] of told) {
      const sorted = [...sums.values()].sort(byNewest);
      keep(this.#rises, index, sorted.filter(isRise), TOLD_RISES);
      keep(
        this.#falls,
        index,
        sorted.filter((one) => !isRise(one)),
        TOLD_FALLS,
      );
    }
  }
}

const isRise = ({ delta }: Movement) => delta > 0;

function byNewest(a: Movement, b: Movement): number {
  return b.revision - a.revision || Math.abs(b.delta) - Math.abs(a.delta) || a.areaId - b.areaId;
}

function keep(
  kept: Map<number, readonly Movement[]>,
  index: number,
  newer: readonly Movement[],
  limit: number,
): void {
  if (newer.length > 0) kept.set(index, [...newer, ...(kept.get(index) ?? [])].slice(0, limit));
}
