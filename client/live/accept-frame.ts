/**
 * Which frames may touch the screen. Pure; the one place that decides it.
 *
 * What is held is the head of the picture on the screen: its epoch and revision, and the kind under which the server
 * last spoke of it. For every frame there is one of three answers:
 *
 * - `figures`: newer, so take everything;
 * - `word`: the figures stay, only age, state and mode move (a heartbeat, or a hold at a revision already passed);
 * - `drop`: stale or of an unknown epoch, as if it had never come.
 *
 * So (epoch, revision) never goes back while an epoch lasts, and another epoch comes in only by a snapshot. A page
 * that holds nothing takes whatever comes first, because every frame is a whole state.
 */
import type { FrameKind } from '#client/wire/generated/graphql.ts';

export interface FrameHead {
  readonly epoch: string;
  readonly revision: number;
  readonly kind: FrameKind;
}

export type Verdict = 'figures' | 'word' | 'drop';

export function acceptFrame(held: FrameHead | null, frame: FrameHead): Verdict {
  if (held === null) return 'figures';
  if (frame.epoch !== held.epoch) return frame.kind === 'SNAPSHOT' ? 'figures' : 'drop';
  if (frame.revision > held.revision) return 'figures';
  if (frame.revision === held.revision) return frame.kind === 'SNAPSHOT' ? 'figures' : 'word';
  return isHold(frame.kind) ? 'word' : 'drop';
}

/** Whether the server holds the figures back: by the director's hand, or because the sums disagree. */
export function isHold(kind: FrameKind): kind is 'FROZEN' | 'SUSPENDED' {
  return kind === 'FROZEN' || kind === 'SUSPENDED';
}
