import type { FigureChange } from './figures.ts';

export type EntryKind = 'TARGET' | 'ENROLLED' | 'WITHDRAWN' | 'CONTRIBUTED' | 'CLASSIFIED';
export type WithdrawReason =
  | 'DUPLICATE'
  | 'ENTERED_IN_ERROR'
  | 'NOT_ELIGIBLE'
  | 'MOVED_AWAY'
  | 'DECEASED'
  | 'OWN_REQUEST';

/** What a posting changes in one neighborhood. Ids and differences: never a name, never a number of a person. */
export interface Entry {
  readonly kind: EntryKind;
  readonly neighborhoodId: number;
  readonly enrollmentId: string | null;
  readonly reason: WithdrawReason | null;
  readonly change: FigureChange;
}

/** An entry as the feed reads it back, with the revision and the program time of its commit. */
export interface PostedEntry extends Entry {
  readonly revision: number;
  /** Milliseconds of program time. */
  readonly postedAt: number;
}
