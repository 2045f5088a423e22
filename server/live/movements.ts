import type { PostedEntry, WithdrawReason } from '#server/ledger/entry.ts';
import type { Tree, TreeArea } from './tree.ts';

/** How `enrolled` moved in one area by one revision, for one reason; null for people who came in. */
export interface Movement {
  readonly revision: number;
  /** Program time of its commit, in milliseconds. */
  readonly at: number;
  readonly areaId: number;
  readonly delta: number;
  readonly reason: WithdrawReason | null;
}

/** Movements are told from this many newest revisions, so that a restart tells the same as a server that ran on. */
export const TOLD_REVISIONS = 64;
const TOLD_RISES = 8;
const TOLD_FALLS = 4;

interface Told {
  readonly revision: number;
  readonly at: number;
  readonly changes: { neighborhoodId: number; delta: number; reason: WithdrawReason | null }[];
}

/** What just came in and what was taken out, by place and number and never by person: a function of (epoch, revision). */
export class Movements {
  #told: Told[] = [];
  readonly #tree: Tree;

  constructor(tree: Tree, entries: readonly PostedEntry[]) {
    this.#tree = tree;
    this.add(entries);
  }

  /** Entries in the order of revisions. */
  add(entries: readonly PostedEntry[]): void {
    for (const entry of entries) {
      const delta = entry.change.enrolled ?? 0;
      let last = this.#told.at(-1);
      if (last?.revision !== entry.revision) {
        last = { revision: entry.revision, at: entry.postedAt, changes: [] };
        this.#told.push(last);
      }
      if (delta !== 0)
        last.changes.push({ neighborhoodId: entry.neighborhoodId, delta, reason: entry.reason });
    }
    const newest = this.#told.at(-1)?.revision ?? 0;
    this.#told = this.#told.filter((told) => told.revision > newest - TOLD_REVISIONS);
  }

  /** The newest movements inside an area, by areas of `level`, newest first: a few rises and a few falls. */
  tell(wholeIndex: number, level: TreeArea['level']): readonly Movement[] {
    const told: Movement[] = [];
    let rises = 0;
    let falls = 0;
    for (let at = this.#told.length - 1; at >= 0 && (rises < TOLD_RISES || falls < TOLD_FALLS); at--) {
      const posting = this.#told[at];
      if (!posting) break;
      for (const movement of this.#byArea(posting, wholeIndex, level)) {
        if (movement.delta > 0 ? rises < TOLD_RISES : falls < TOLD_FALLS) told.push(movement);
        if (movement.delta > 0) rises++;
        else falls++;
      }
    }
    return told;
  }

  #byArea(posting: Told, wholeIndex: number, level: TreeArea['level']): readonly Movement[] {
    const sums = new Map<string, Movement>();
    for (const { neighborhoodId, delta, reason } of posting.changes) {
      const area = this.#ancestor(neighborhoodId, wholeIndex, level);
      if (!area) continue;
      const name = `${area.id} ${reason}`;
      const before = sums.get(name)?.delta ?? 0;
      sums.set(name, {
        revision: posting.revision,
        at: posting.at,
        areaId: area.id,
        delta: before + delta,
        reason,
      });
    }
    return [...sums.values()].sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta) || a.areaId - b.areaId);
  }

  #ancestor(neighborhoodId: number, wholeIndex: number, level: TreeArea['level']): TreeArea | null {
    let found: TreeArea | null = null;
    for (let at = this.#tree.indexOf.get(neighborhoodId) ?? -1; at >= 0; at = this.#tree.parents[at] ?? -1) {
      const area = this.#tree.areas[at];
      if (area?.level === level) found = area;
      if (at === wholeIndex) return found ?? area ?? null;
    }
    return null;
  }
}
