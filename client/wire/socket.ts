/**
 * The one way to the server's live data: a socket that never gives up.
 *
 * It keeps a graphql-ws client, sends subscriptions as trusted documents (the hash only), and reconnects for ever with
 * a jittered wait. Three things that graphql-ws takes for final are not final here: a fatal close code, an error in
 * place of data, and a stream that the server completes; each follower is subscribed again after a wait. A link that
 * has gone silent is noticed by ping and pong, and whoever knows better may call `renew`, which throws the client away
 * with its socket and starts a fresh one.
 *
 * It never judges what arrives (see `live/accept-frame.ts`), keeps no data, and asks nothing of the server on its own.
 * Subscription ids are counted from 1 on every client, so that all screens which follow the same thing use the same
 * id and the server can send them the same bytes.
 */

import { type Client, createClient } from 'graphql-ws';
import { backoffMs } from './backoff.ts';
import { createStore, type Store } from './store.ts';

export type Connection = 'connecting' | 'open' | 'down';

/** A generated document by its types alone: what it answers with, and what it asks for. */
export interface TypedDocument<Data, Variables> {
  readonly __apiType?: (variables: Variables) => Data;
}

export interface Socket {
  readonly connection: Store<Connection>;
  /** How many answers so far had no data: the server does not know the question, or not whoever asks. */
  readonly refusals: Store<number>;
  /** Calls `onData` with each answer until the returned function is called. A new connection starts a new stream. */
  follow<Data, Variables extends Record<string, unknown>>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    onData: (data: Data) => void,
  ): () => void;
  renew(): void;
  close(): void;
}

export interface SocketOptions {
  readonly url: string;
  /** For programs that are not a browser. */
  readonly webSocketImpl?: unknown;
  readonly random?: () => number;
}

const pingEveryMs = 10_000;
const pongWithinMs = 5_000;
const acknowledgeWithinMs = 5_000;

interface Follower {
  start(client: Client): void;
  stop(): void;
}

export function openSocket({ url, webSocketImpl, random = Math.random }: SocketOptions): Socket {
  const connection = createStore<Connection>('connecting');
  const refusals = createStore(0);
  const refused = () => refusals.set(refusals.get() + 1);
  const followers = new Set<Follower>();
  let client = connect();

  function connect(): Client {
    let lastId = 0;
    let overdue: ReturnType<typeof setTimeout> | undefined;
    const isCurrent = () => client === made;
    const made: Client = createClient({
      url,
      ...(webSocketImpl === undefined ? {} : { webSocketImpl }),
      lazy: true,
      keepAlive: pingEveryMs,
      connectionAckWaitTimeout: acknowledgeWithinMs,
      shouldRetry: () => true,
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: (retries) => wait(backoffMs(retries, random)),
      generateID: () => String(++lastId),
      on: {
        connected: () => isCurrent() && connection.set('open'),
        closed: () => {
          clearTimeout(overdue);
          if (isCurrent()) connection.set('down');
        },
        ping: (received) => {
          if (received) return;
          clearTimeout(overdue);
          overdue = setTimeout(() => made.terminate(), pongWithinMs);
        },
        pong: (received) => {
          if (received) clearTimeout(overdue);
        },
      },
    });
    return made;
  }

  return {
    connection,
    refusals,
    follow(document, variables, onData) {
      const follower = createFollower(document, variables, onData, random, refused);
      followers.add(follower);
      follower.start(client);
      return () => {
        followers.delete(follower);
        follower.stop();
      };
    },
    renew() {
      const old = client;
      for (const follower of followers) follower.stop();
      client = connect();
      connection.set('down');
      old.terminate();
      void old.dispose();
      for (const follower of followers) follower.start(client);
    },
    close() {
      for (const follower of followers) follower.stop();
      followers.clear();
      void client.dispose();
    },
  };
}

function createFollower<Data, Variables extends Record<string, unknown>>(
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  onData: (data: Data) => void,
  random: () => number,
  refused: () => void,
): Follower {
  const payload = {
    query: '',
    variables,
    extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(document) } },
  };
  let unsubscribe: (() => void) | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  function start(client: Client): void {
    let isOver = false;
    const again = () => {
      if (isOver) return;
      isOver = true;
      release();
      pause = setTimeout(() => start(client), backoffMs(failures++, random));
    };
    const release = client.subscribe<Data>(payload, {
      next: (answer) => {
        if (isOver) return;
        if (!answer.data || answer.errors) {
          refused();
          return again();
        }
        failures = 0;
        onData(answer.data);
      },
      error: again,
      complete: again,
    });
    unsubscribe = () => {
      isOver = true;
      release();
    };
  }

  return {
    start,
    stop() {
      clearTimeout(pause);
      unsubscribe?.();
    },
  };
}

/** The name under which the server knows a document; the generator puts it beside the document. */
export function hashOf(document: object): string {
  const hash = (document as { __meta__?: { hash?: unknown } }).__meta__?.hash;
  if (typeof hash !== 'string') throw new Error('a document without its hash: run the generator');
  return hash;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
