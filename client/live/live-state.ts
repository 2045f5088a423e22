import type { FrameKind } from '#client/wire/generated/graphql.ts';
import type { Connection } from '#client/wire/socket.ts';
import type { Silence } from './watchdog.ts';

/** What the screen says of its own connection; the words of the page's `data-state`. */
export type LiveState = 'live' | 'polling' | 'catching-up' | 'lost' | 'frozen' | 'suspended';

export interface Signals {
  readonly connection: Connection;
  /** How old the picture has become: not worth a word, doubtful, or too old. */
  readonly silence: Silence;
  /** How frames come at present: not yet, by the connection that stands, or by asking every few seconds. */
  readonly source: 'none' | 'socket' | 'poll';
  readonly kind: FrameKind | null;
}

/** Trouble with the line outranks what the server last said: nobody knows whether that still holds. */
export function liveState({ connection, silence, source, kind }: Signals): LiveState {
  if (silence === 'lost') return 'lost';
  if (silence === 'quiet' || source === 'none') return 'catching-up';
  if (source === 'socket' && connection !== 'open') return 'catching-up';
  if (kind === 'SUSPENDED') return 'suspended';
  if (kind === 'FROZEN') return 'frozen';
  return source === 'poll' ? 'polling' : 'live';
}
