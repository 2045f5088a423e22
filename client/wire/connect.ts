/**
 * One connection, from the first byte to its end; it never tries twice. graphql-ws speaks the protocol, and the times
 * are ours: its own limit begins only once the socket is open, so that a proxy which accepts and never answers would
 * hold it for ever, and it does not mind a ping that nobody answers.
 */
import { createClient } from 'graphql-ws';
import type { Clock } from './clock.ts';

/** From the first packet to the server's acknowledgement. */
export const acknowledgeWithinMs = 5_000;
export const pingEveryMs = 10_000;
export const pongWithinMs = 5_000;

export interface Connect {
  readonly url: string;
  /** For programs that are not a browser. */
  readonly webSocketImpl?: unknown;
  readonly clock: Clock;
  /** The server has acknowledged. */
  readonly onOpen: () => void;
  /** The server has answered a ping with the program's time, in milliseconds since the epoch. */
  readonly onTime: (nowMs: number) => void;
  /** It is over, whatever ended it: told once, and not after `end`. */
  readonly onEnd: () => void;
}

export interface Sink<Data> {
  next(answer: { readonly data?: Data | null | undefined; readonly errors?: unknown }): void;
  /** The server has ended this subscription, or refused it. The end of the connection is told by `onEnd` alone. */
  over(): void;
}

export interface WireConnection {
  subscribe<Data>(id: string, payload: { readonly query: string }, sink: Sink<Data>): () => void;
  end(): void;
}

/** Connects with its first subscription. */
export function connect({ url, webSocketImpl, clock, onOpen, onTime, onEnd }: Connect): WireConnection {
  let isOver = false;
  let nextId = '';
  let cancelLimit: () => void = () => undefined;
  let cancelPings: () => void = () => undefined;

  const client = createClient({
    url,
    ...(webSocketImpl === undefined ? {} : { webSocketImpl }),
    lazy: true,
    // Every end is ours to judge: whoever holds this connection makes another.
    retryAttempts: 0,
    generateID: () => nextId,
    on: {
      connecting: () => limit(acknowledgeWithinMs),
      connected(socket) {
        cancelLimit();
        const ping = () => {
          (socket as WebSocket).send('{"type":"ping"}');
          limit(pongWithinMs);
        };
        // Before anything is asked for, so that it is known at once how old the first frame is.
        ping();
        cancelPings = clock.every(pingEveryMs, ping);
        onOpen();
      },
      pong(isReceived, payload) {
        if (!isReceived) return;
        cancelLimit();
        const nowMs = Date.parse(String(payload?.now));
        if (!isOver && !Number.isNaN(nowMs)) onTime(nowMs);
      },
      error: over,
      closed: over,
    },
  });

  function limit(ms: number): void {
    cancelLimit();
    cancelLimit = clock.after(ms, () => client.terminate());
  }

  function letGo(): void {
    isOver = true;
    cancelLimit();
    cancelPings();
  }

  function over(): void {
    if (isOver) return;
    letGo();
    onEnd();
  }

  return {
    subscribe<Data>(id: string, payload: { readonly query: string }, sink: Sink<Data>) {
      nextId = id;
      const tell = () => !isOver && sink.over();
      return client.subscribe<Data>(payload, {
        next: (answer) => !isOver && sink.next(answer),
        error: tell,
        complete: tell,
      });
    },
    end() {
      if (isOver) return;
      letGo();
      client.terminate();
    },
  };
}
