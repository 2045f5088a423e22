import type { Clock } from '#server/base/clock.ts';
import type { Log } from '#server/base/log.ts';
import { counter } from '#server/base/metrics.ts';
import type { EmbeddedPostgres } from './embedded.ts';

const restarts = counter(
  'kepling_postgres_restarts_total',
  'Times the embedded PostgreSQL was started again',
);
/** How soon a server that has ended is missed. */
const LOOK_MS = 200;
const FIRST_PAUSE_MS = 200;
/** However often it failed, it is tried again this soon: a full disk may have room by then. */
const LONGEST_PAUSE_MS = 5_000;

/**
 * Starts the embedded database server again whenever it has ended: killed, stopped by hand, or fallen over a full
 * disk. Tries for ever, each failure being followed by a pause twice as long, and says both. What uses the database
 * meets errors meanwhile and goes on by itself, since address and data are the same. Returns how to stop that, which
 * waits for a start under way.
 */
export function keepRunning(
  server: Pick<EmbeddedPostgres, 'isRunning' | 'startAgain'>,
  log: Log,
  clock: Clock,
): () => Promise<void> {
  let isStopped = false;
  let failures = 0;
  let underWay: Promise<void> = Promise.resolve();
  let cancel = () => {};

  const look = async () => {
    if (server.isRunning()) return;
    const endedAt = clock.now();
    if (failures === 0) log.error('PostgreSQL has ended; starting it again');
    try {
      await server.startAgain();
      restarts.add();
      log.warn({ tookMs: clock.now() - endedAt, failures }, 'PostgreSQL runs again');
      failures = 0;
    } catch (err) {
      failures += 1;
      log.error({ err, failures, nextTryMs: pauseAfter(failures) }, 'PostgreSQL could not be started again');
    }
  };
  const schedule = () => {
    const pauseMs = failures === 0 ? LOOK_MS : pauseAfter(failures);
    cancel = clock.after(
      pauseMs,
      () => {
        underWay = look().then(() => {
          if (!isStopped) schedule();
        });
      },
      { background: true },
    );
  };
  schedule();

  return async () => {
    isStopped = true;
    cancel();
    await underWay;
  };
}

/** Milliseconds to wait after so many failures in a row. */
function pauseAfter(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
}
