import type { PostedEntry } from '#server/ledger/entry.ts';
import type { Figure } from '#server/ledger/figures.ts';
import type { Program } from '#server/ledger/program.ts';
import type { Opening } from './books.ts';
import { Movements } from './movements.ts';
import { Projection } from './projection.ts';
import { growTree, type Tree } from './tree.ts';

/** What memory had at one revision. An area that it has not got has zeros. */
export interface Remembered {
  readonly epoch: string;
  readonly revision: number;
  figure(neighborhoodId: number, figure: Figure): number;
}

/** All that is in memory of one epoch: the totals at one revision, and what was told of the newest ones. */
export class Standing {
  readonly epoch: string;
  readonly tree: Tree;
  readonly projection: Projection;
  readonly movements: Movements;
  program: Program;
  #revision: number;
  #revisionAt: number;
  #isWhole = true;

  constructor(opening: Opening) {
    this.program = opening.program;
    this.epoch = opening.look.epoch;
    this.tree = growTree(opening.areas);
    this.projection = new Projection(this.tree, opening.sums);
    this.movements = new Movements(this.tree, opening.newest);
    this.#revision = opening.look.ledger;
    this.#revisionAt = opening.program.postedAt;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Program time of the revision's commit, in milliseconds. */
  get revisionAt(): number {
    return this.#revisionAt;
  }

  /** False once entries could be taken in part only: nothing of it may be shown, and another one takes its place. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** A copy of the figures as they stand, for whoever reads on while they move. */
  remember(): Remembered {
    const { epoch, tree } = this;
    const figures = this.projection.copy();
    return {
      epoch,
      revision: this.#revision,
      figure: (neighborhoodId, figure) => figures(tree.indexOf.get(neighborhoodId), figure),
    };
  }

  /** Takes entries of the next revisions, whole revisions only, in their order. */
  take(entries: readonly PostedEntry[], upTo: number): void {
    this.#isWhole = false;
    for (const entry of entries) this.projection.apply(entry.neighborhoodId, entry.change);
    this.movements.add(entries);
    this.#revision = upTo;
    this.#revisionAt = entries.at(-1)?.postedAt ?? this.#revisionAt;
    this.#isWhole = true;
  }
}
