import type { ProgramMode } from '#server/ledger/program.ts';
import type { AreaFigures } from './figures.ts';
import type { Movement } from './movements.ts';

export type FrameKind = 'SNAPSHOT' | 'UPDATE' | 'HEARTBEAT' | 'FROZEN' | 'SUSPENDED';

/**
 * State, not a difference: whoever missed frames has missed nothing once the next one is there. Immutable, and the
 * same object for everyone who follows its topic.
 */
export interface Frame {
  readonly epoch: string;
  readonly revision: number;
  readonly kind: FrameKind;
  readonly mode: ProgramMode;
  readonly isLoading: boolean;
  /** Program time of the last successful look at the database: a server that lost it says so by growing old. */
  readonly asOf: number;
  /** Program time of the revision's own commit. */
  readonly revisionAt: number;
  /** Program time of the oldest commit an UPDATE brings; null on other kinds. */
  readonly committedAt: number | null;
  readonly sourceCutOff: string | null;
  readonly whole: AreaFigures;
  readonly parts: readonly AreaFigures[];
  /** The whole and its siblings, for its place among them; empty for the city. */
  readonly peers: readonly AreaFigures[];
  readonly recent: readonly Movement[];
}
