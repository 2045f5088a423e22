import type { ProgramMode } from '#server/ledger/program.ts';
import type { AreaFigures } from './figures.ts';
import type { Movement } from './movements.ts';
import type { TreeArea } from './tree.ts';

export type FrameKind = 'SNAPSHOT' | 'UPDATE' | 'HEARTBEAT' | 'FROZEN' | 'SUSPENDED';

/** What every frame has, whatever it is about. */
export interface FrameHead {
  readonly kind: FrameKind;
  /** Program time of the oldest commit an UPDATE brings; null on other kinds. */
  readonly committedAt: number | null;
}

/** Which books a frame is of, at which moment. All times are program time in milliseconds. */
export interface FrameOrigin extends FrameHead {
  readonly epoch: string;
  readonly revision: number;
  readonly mode: ProgramMode;
  readonly isLoading: boolean;
  /** The last successful look at the database: a server that lost it says so by growing old. */
  readonly asOf: number;
  /** The revision's own commit. */
  readonly revisionAt: number;
  readonly sourceCutOff: string | null;
}

/**
 * State, not a difference: whoever missed frames has missed nothing once the next one is there. Immutable, and the
 * same object for everyone who follows its topic.
 */
export interface Frame extends FrameOrigin {
  readonly whole: AreaFigures;
  readonly parts: readonly AreaFigures[];
  /** The whole and its siblings, for its place among them; empty for the city. */
  readonly peers: readonly AreaFigures[];
  readonly recent: readonly Movement[];
}

/** Who leads at one level, of the whole city. */
export interface LeadersFrame extends FrameOrigin {
  readonly level: TreeArea['level'];
  /** How many compete: those with a target. */
  readonly contenders: number;
  readonly leaders: readonly Leader[];
}

export interface Leader {
  readonly area: AreaFigures;
  /** Its place; equals share one. */
  readonly place: number;
}
