import type { Figures } from '#server/ledger/figures.ts';

/** An area's standing at one revision. Plain, immutable, complete: nothing in it hangs on a clock. */
export interface AreaFigures {
  readonly areaId: number;
  readonly figures: Figures;
  /** Sum over its neighborhoods of min(enrolled, own target). */
  readonly even: number;
  readonly neighborhoods: number;
  /** Neighborhoods with at least their own target, which is above 0. */
  readonly complete: number;
}
