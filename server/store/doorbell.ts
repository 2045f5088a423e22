/**
 * Tells whoever waits that something was committed: "look", never "what".
 *
 * A ring reaches this process at once and, at most once per beat, the other processes on the same database by one
 * NOTIFY without a payload. It is rung after the commit and never inside a transaction, where it would make every
 * writer wait. It may be lost (a broken connection, a closed laptop): listeners also look by themselves now and
 * then, so a lost ring costs an interval, never a row. It never throws and never carries data.
 */
import type pg from 'pg';
import type { Clock } from '#server/base/clock.ts';
import type { Log } from '#server/base/log.ts';
import type { Connections } from './connect.ts';

export interface Doorbell {
  /** After a commit. Rings here before it returns. */
  ring(): void;
  /** `fn` is called for rings of this process and of others; returns how to stop that. What it throws is logged. */
  onRing(fn: () => void): () => void;
  close(): Promise<void>;
}

const CHANNEL = 'kepling_look';
const BEAT_MS = 100;
const RECONNECT_AFTER_MS = 1_000;

export function openDoorbell(connections: Connections, log: Log, clock: Clock): Doorbell {
  const listeners = new Set<() => void>();
  let client: pg.Client | undefined;
  let isClosed = false;
  let cancelReconnect = () => {};
  let cancelBeat: (() => void) | undefined;
  let isOwed = false;

  const tell = () => {
    for (const listener of [...listeners]) {
      try {
        listener();
      } catch (err) {
        log.error({ err }, 'a listener of the doorbell failed');
      }
    }
  };

  const connect = async () => {
    const fresh = await connections.client('app', { applicationName: 'kepling doorbell' });
    const own = await fresh.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const ownProcess = own.rows[0]?.pid;
    fresh.on('notification', (message) => {
      // Ours was heard here already, before it was sent.
      if (message.processId !== ownProcess) tell();
    });
    fresh.once('end', () => {
      if (client === fresh) client = undefined;
      retryLater();
    });
    await fresh.query(`LISTEN ${CHANNEL}`);
    if (isClosed) return await fresh.end();
    client = fresh;
    // Whatever was rung elsewhere while nobody listened.
    tell();
  };

  const retryLater = () => {
    if (isClosed) return;
    cancelReconnect();
    cancelReconnect = clock.after(RECONNECT_AFTER_MS, start, { background: true });
  };

  let connecting: Promise<void> = Promise.resolve();
  const start = () => {
    connecting = connect().catch((err: unknown) => {
      log.warn({ err }, 'the doorbell has no connection; trying again');
      retryLater();
    });
  };

  const send = () => {
    isOwed = false;
    client
      ?.query(`NOTIFY ${CHANNEL}`)
      .catch((err: unknown) => log.warn({ err }, 'a ring did not reach the other processes'));
    cancelBeat = clock.after(
      BEAT_MS,
      () => {
        cancelBeat = undefined;
        if (isOwed) send();
      },
      { background: true },
    );
  };

  start();

  return {
    ring() {
      if (isClosed) return;
      tell();
      if (cancelBeat) isOwed = true;
      else send();
    },
    onRing(fn) {
      listeners.add(fn);
      return () => void listeners.delete(fn);
    },
    async close() {
      isClosed = true;
      listeners.clear();
      cancelReconnect();
      cancelBeat?.();
      await connecting;
      await client?.end();
    },
  };
}
