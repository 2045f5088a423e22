import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { backoffMs } from '#client/wire/backoff.ts';

export interface FaultFrame {
  readonly epoch: string;
  readonly revision: number;
  readonly kind: 'SNAPSHOT' | 'UPDATE' | 'HEARTBEAT' | 'SUSPENDED';
  /** Program time of the oldest commit that is new in it. */
  readonly committedAt: string | null;
  readonly whole: { readonly totals: { readonly enrolled: number } };
  readonly parts: readonly {
    readonly area: { readonly code: string };
    readonly totals: { readonly enrolled: number };
  }[];
  /** When it came, by `performance.now()`. */
  readonly at: number;
}

/** One screen: what it was sent, in order, over all its connections. */
export interface Follower {
  readonly frames: readonly FaultFrame[];
  /** How often it was let in. */
  readonly connections: number;
  leave(): void;
}

const FOLLOW = `subscription {
  totalsChanged(parts: DISTRICT) {
    epoch revision kind committedAt whole { totals { enrolled } } parts { area { code } totals { enrolled } }
  }
}`;

/**
 * Screens that come back by our own client's pauses and never give up; each is at an address of its own in
 * 127.0.0.0/8, up to fifty to one, so that the limits by address stay on. `keep`: how many of the newest frames each
 * one keeps; all where it is not said.
 */
export function follow(url: string, count: number, keep = Number.POSITIVE_INFINITY): readonly Follower[] {
  return Array.from({ length: count }, (_, index) => followFrom(url, addressOf(index), keep));
}

/** Up to fifty share one. */
export function addressOf(index: number): string {
  const host = Math.floor(index / 50);
  return `127.${1 + (host >> 8)}.${host & 255}.7`;
}

function followFrom(url: string, localAddress: string, keep: number): Follower {
  class FromAddress extends WebSocket {
    constructor(address: string, protocols: string | string[]) {
      super(address, protocols, { localAddress, perMessageDeflate: false });
    }
  }
  const frames: FaultFrame[] = [];
  let connections = 0;
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: FromAddress,
    shouldRetry: () => true,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, backoffMs(retries))),
    generateID: () => '1',
    on: { connected: () => void connections++ },
  });
  client.subscribe<{ totalsChanged: Omit<FaultFrame, 'at'> }>(
    { query: FOLLOW },
    {
      next: ({ data }) => {
        if (!data) return;
        frames.push({ ...data.totalsChanged, at: performance.now() });
        if (frames.length > keep) frames.shift();
      },
      error: () => undefined,
      complete: () => undefined,
    },
  );
  return {
    frames,
    get connections() {
      return connections;
    },
    // In the middle of a try it fails with that try.
    leave: () => void Promise.resolve(client.dispose()).catch(() => undefined),
  };
}
