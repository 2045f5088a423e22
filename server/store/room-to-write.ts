/**
 * Nothing is written after a write that the disk refused, until there is room again.
 *
 * A full disk takes one commit and refuses the next: whatever happens to fit on a page goes through, what needs a new
 * one does not. Half an intake helps nobody, and PostgreSQL itself ends when its journal has no room. So the first
 * refusal closes this gate for the writer's connections: what begins afterwards is turned away before anything of it
 * is done. The gate opens when a trial has shown that there is room: as many bytes as the journal grows by, written
 * and taken back.
 *
 * A connection that breaks while the disk is nearly full closes the gate too: PostgreSQL itself ends then, and what
 * its next start frees is not room to go on with.
 */
import { statfsSync } from 'node:fs';
import type pg from 'pg';
import type { Clock } from '#server/base/clock.ts';
import type { Log } from '#server/base/log.ts';
import { counter } from '#server/base/metrics.ts';

/** Free bytes below which no trial is made: two of the journal's files, of 16 MiB each. */
const RESERVE_BYTES = 32 * 1024 * 1024;
const TRIAL_EVERY_MS = 1_000;
const commits = counter('kepling_commits_total', 'Commits of the ledger');
/** Full disk, and a disk that fails. */
const REFUSED_BY_DISK = new Set(['53100', '58030']);
/** Values that do not compress, 8 MB in all, in a table that never comes to be. */
const TRIAL = `BEGIN;
  CREATE TABLE room_trial AS SELECT i, sha512(i::text::bytea) AS b FROM generate_series(1, 80000) AS i;
  ROLLBACK`;

export interface RoomToWrite {
  /** False after a write failed for want of room, until a trial succeeded. */
  readonly isOpen: boolean;
  /** Bytes free where the embedded database lies; null where it is elsewhere or cannot be asked. */
  freeBytes(): number | null;
  /** Watches every statement of this connection, and begins no transaction on it while the gate is closed. */
  guard(client: pg.Client): pg.Client;
  close(): Promise<void>;
}

/** The gate is closed: nothing was written. */
class NoRoom extends Error {
  override readonly name = 'NoRoom';
}

export function watchRoom(options: {
  /** Of the role that may make tables. */
  readonly owner: () => pg.Pool;
  /** Null: the database is not on this machine. */
  readonly dataFolder: string | null;
  readonly log: Log;
  readonly clock: Clock;
}): RoomToWrite {
  const { dataFolder, log, clock } = options;
  let isOpen = true;
  let isClosed = false;
  let underWay: Promise<void> = Promise.resolve();
  let cancel = () => {};

  const freeBytes = () => {
    if (dataFolder === null) return null;
    try {
      const { bavail, bsize } = statfsSync(dataFolder);
      return bavail * bsize;
    } catch {
      return null;
    }
  };

  const shut = (err: unknown) => {
    if (!isOpen || isClosed) return;
    isOpen = false;
    log.error(
      { err, freeBytes: freeBytes() },
      'DISK FULL or failing: nothing more is taken in until there is room to write',
    );
    next(0);
  };

  const next = (ms: number) => {
    cancel();
    if (isClosed) return;
    const tryNow = () => {
      underWay = tryOnce();
    };
    cancel = clock.after(ms, tryNow, { background: true });
  };

  const tryOnce = async () => {
    try {
      if ((freeBytes() ?? RESERVE_BYTES) < RESERVE_BYTES) return next(TRIAL_EVERY_MS);
      await tryToWrite();
      isOpen = true;
      log.warn({ freeBytes: freeBytes() }, 'there is room to write again: intake goes on');
    } catch (err) {
      log.debug({ err }, 'no room to write yet');
      next(TRIAL_EVERY_MS);
    }
  };

  const tryToWrite = async () => {
    const client = await options.owner().connect();
    let isBroken = true;
    try {
      await client.query(TRIAL);
      isBroken = false;
    } finally {
      // What failed midway leaves its transaction open: such a connection is given to nobody.
      client.release(isBroken);
    }
  };

  return {
    get isOpen() {
      return isOpen;
    },
    freeBytes,
    guard(client) {
      const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
      const guarded = async (...args: unknown[]) => {
        const text = typeof args[0] === 'string' ? args[0] : '';
        if (!isOpen && text.startsWith('BEGIN')) {
          throw new NoRoom('The database has no room to write: nothing was written.');
        }
        try {
          const result = await query(...args);
          if ((result as { command?: string }).command === 'COMMIT') commits.add();
          return result;
        } catch (error) {
          const { code } = error as { code?: string };
          if (code !== undefined && REFUSED_BY_DISK.has(code)) shut(error);
          throw error;
        }
      };
      client.once('end', () => {
        if ((freeBytes() ?? RESERVE_BYTES) < RESERVE_BYTES) shut(undefined);
      });
      return Object.assign(client, { query: guarded });
    },
    async close() {
      isClosed = true;
      cancel();
      await underWay;
    },
  };
}
