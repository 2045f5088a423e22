import type { FrameKind } from '#client/wire/generated/graphql.ts';
import type { Connection } from '#client/wire/socket.ts';

/** What the screen says of its own connection; the words of the page's `data-state`. */
export type LiveState = 'live' | 'catching-up' | 'lost' | 'frozen' | 'suspended';

export interface Signals {
  readonly connection: Connection;
  /** How long nothing valid has come: not worth a word, doubtful, or too long. */
  readonly silence: 'none' | 'quiet' | 'lost';
  /** Whether a valid frame has come on the present connection. */
  readonly isCaughtUp: boolean;
  readonly kind: FrameKind | null;
}

/** Trouble with the line outranks what the server last said: nobody knows whether that still holds. */
export function liveState({ connection, silence, isCaughtUp, kind }: Signals): LiveState {
  if (silence === 'lost') return 'lost';
  if (connection !== 'open' || silence === 'quiet' || !isCaughtUp) return 'catching-up';
  if (kind === 'SUSPENDED') return 'suspended';
  if (kind === 'FROZEN') return 'frozen';
  return 'live';
}
