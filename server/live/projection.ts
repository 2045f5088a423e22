import { invariant } from '#server/base/invariant.ts';
import { FIGURES, type Figure, type FigureChange, toFigures } from '#server/ledger/figures.ts';
import type { AreaFigures } from './figures.ts';
import type { Tree } from './tree.ts';

const WIDTH = FIGURES.length;
const ENROLLED = FIGURES.indexOf('enrolled');
const TARGET = FIGURES.indexOf('target');

/**
 * The totals of every area, in memory: one row of figures each. Neighborhoods are the ledger's; levels above are
 * sums that move with them and are stored nowhere else, so they cannot disagree. A change costs the four rows of
 * its line, however many areas or people there are.
 */
export class Projection {
  readonly tree: Tree;
  readonly #rows: Int32Array;
  readonly #even: Int32Array;
  readonly #complete: Int32Array;

  constructor(
    tree: Tree,
    sums: Iterable<{ readonly neighborhoodId: number; readonly figures: FigureChange }>,
  ) {
    this.tree = tree;
    this.#rows = new Int32Array(tree.areas.length * WIDTH);
    this.#even = new Int32Array(tree.areas.length);
    this.#complete = new Int32Array(tree.areas.length);
    for (const { neighborhoodId, figures } of sums) this.apply(neighborhoodId, figures);
  }

  /** Moves one neighborhood's figures and every sum above it. */
  apply(neighborhoodId: number, change: FigureChange): void {
    const index = this.tree.indexOf.get(neighborhoodId);
    invariant(index !== undefined, 'an entry names a neighborhood of its program');
    const even = this.#evenOf(index);
    const complete = this.#isComplete(index);
    this.#add(index, change);
    const evenChange = this.#evenOf(index) - even;
    const completeChange = Number(this.#isComplete(index)) - Number(complete);
    for (let at = index; at >= 0; at = this.tree.parents[at] ?? -1) {
      if (at !== index) this.#add(at, change);
      this.#even[at] = (this.#even[at] ?? 0) + evenChange;
      this.#complete[at] = (this.#complete[at] ?? 0) + completeChange;
    }
  }

  /** One figure of one area, without copying the others. */
  figure(index: number, figure: Figure): number {
    return this.#rows[index * WIDTH + FIGURES.indexOf(figure)] ?? 0;
  }

  /** Every figure as it is now, whatever is applied later; 0 where there is no index. */
  copy(): (index: number | undefined, figure: Figure) => number {
    const rows = this.#rows.slice();
    return (index, figure) =>
      index === undefined ? 0 : (rows[index * WIDTH + FIGURES.indexOf(figure)] ?? 0);
  }

  /** A copy of one area's standing; `index` is the tree's. */
  read(index: number): AreaFigures {
    const area = this.tree.areas[index];
    invariant(area, 'an area of this tree');
    return {
      areaId: area.id,
      figures: toFigures(this.#rows, index * WIDTH),
      even: this.#even[index] ?? 0,
      neighborhoods: this.tree.neighborhoods[index] ?? 0,
      complete: this.#complete[index] ?? 0,
    };
  }

  #add(index: number, change: FigureChange): void {
    for (let column = 0; column < WIDTH; column++) {
      const difference = change[FIGURES[column] as Figure];
      if (difference)
        this.#rows[index * WIDTH + column] = (this.#rows[index * WIDTH + column] ?? 0) + difference;
    }
  }

  #evenOf(index: number): number {
    return Math.min(this.#rows[index * WIDTH + ENROLLED] ?? 0, this.#rows[index * WIDTH + TARGET] ?? 0);
  }

  #isComplete(index: number): boolean {
    const target = this.#rows[index * WIDTH + TARGET] ?? 0;
    return target > 0 && (this.#rows[index * WIDTH + ENROLLED] ?? 0) >= target;
  }
}
