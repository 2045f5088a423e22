import { createContext, use, useSyncExternalStore } from 'react';
import type { FrameKind } from '#client/wire/generated/graphql.ts';
import type { Connection } from '#client/wire/socket.ts';
import { createStore, type Store } from '#client/wire/store.ts';
import { type LiveState, liveState, type Signals } from './live-state.ts';
import type { Silence } from './watchdog.ts';

/** How the picture on the page stands: its state in one word, and since when by this machine's own count. */
export interface Standing {
  readonly state: LiveState;
  /** `performance.now()` at the moment that the picture stands for; negative before the page. Null: no picture. */
  readonly asOfAtMs: number | null;
}

export interface Live {
  readonly standing: Store<Standing>;
  /** A follower begins, on a connection as it is: nothing has come on it yet. */
  began(connection: Connection): void;
  connected(connection: Connection): void;
  silent(silence: 'quiet' | 'lost'): void;
  /** A valid frame has come, by the socket or by asking; it may be old already. */
  received(kind: FrameKind, asOfAtMs: number, source: 'socket' | 'poll', silence: Silence): void;
  restored(asOfAtMs: number): void;
  /** The picture turns out to be older than was thought. */
  older(asOfAtMs: number | null, silence: Silence): void;
}

export function createLive(): Live {
  let signals: Signals = { connection: 'connecting', silence: 'none', source: 'none', kind: null };
  const standing = createStore<Standing>({ state: liveState(signals), asOfAtMs: null });

  function change(part: Partial<Signals>, asOfAtMs = standing.get().asOfAtMs): void {
    signals = { ...signals, ...part };
    const next = { state: liveState(signals), asOfAtMs };
    const now = standing.get();
    if (next.state !== now.state || next.asOfAtMs !== now.asOfAtMs) standing.set(next);
  }

  return {
    standing,
    began: (connection) => change({ connection, silence: 'none', source: 'none', kind: null }),
    connected: (connection) =>
      change(
        connection !== 'open' && signals.source === 'socket'
          ? { connection, source: 'none' }
          : { connection },
      ),
    silent: (silence) => change({ silence }),
    received: (kind, asOfAtMs, source, silence) =>
      change(
        source === 'socket' ? { connection: 'open', silence, source, kind } : { silence, source, kind },
        asOfAtMs,
      ),
    restored: (asOfAtMs) => change({}, asOfAtMs),
    older: (asOfAtMs, silence) => change({ silence }, asOfAtMs),
  };
}

export const LiveContext = createContext<Live | null>(null);

export function useLive(): Live {
  const live = use(LiveContext);
  if (live === null) throw new Error('a screen stands outside its live context');
  return live;
}

export function useStanding(): Standing {
  const { standing } = useLive();
  return useSyncExternalStore(standing.subscribe, standing.get);
}
