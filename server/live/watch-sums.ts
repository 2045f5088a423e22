import type { Pool } from 'pg';
import type { Clock } from '#server/base/clock.ts';
import type { Log } from '#server/base/log.ts';
import { counter } from '#server/base/metrics.ts';
import { checkSums, type Difference } from './check-sums.ts';
import type { Feed } from './feed.ts';
import type { Standing } from './standing.ts';

const CHECK_MS = 10_000;
/** Differences that one line of the log names. */
const NAMED_DIFFERENCES = 20;
const sumsChecks = counter('kepling_sums_checks_total', 'Times the books were added up anew', 'outcome');

export interface SumsWatch {
  /** Adds the books up anew, now. Gives what disagrees. */
  check(): Promise<readonly Difference[]>;
  readonly agree: boolean;
  readonly differences: readonly Difference[];
  /** Wall clock at which they were first found; null where the sums agree. */
  readonly suspendedAt: number | null;
  close(): Promise<void>;
}

export interface SumsWatchOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Log;
  readonly feed: Pick<Feed, 'alone' | 'reopen'>;
  /** What is in memory now; another one after the books were opened anew. */
  readonly standing: () => Standing;
  readonly suspend: (isSuspended: boolean) => void;
}

/**
 * Adds the books up anew every ten seconds. Beside the feed, from a copy of memory; only what it finds is looked at
 * again with the feed held, and suspends. While suspended every check is with the feed held, until the sums agree.
 */
export function watchSums({ pool, clock, log, feed, standing, suspend }: SumsWatchOptions): SumsWatch {
  let differences: readonly Difference[] = [];
  let suspendedAt: number | null = null;
  let checking: Promise<unknown> = Promise.resolve();

  const checkHeld = () =>
    feed.alone(async () => {
      const wasSuspended = differences.length > 0;
      const memory = wasSuspended ? null : standing().remember();
      const found = await checkSums(pool, standing().program.id, memory);
      sumsChecks.add(1, found.length === 0 ? 'agree' : 'disagree');
      const isOver = found.length === 0 && wasSuspended;
      // Before the hold is over: if the books cannot be read, memory is still what was held.
      if (isOver) await feed.reopen();
      differences = found;
      suspendedAt = found.length === 0 ? null : (suspendedAt ?? clock.now());
      const { revision } = standing();
      if (isOver) {
        log.warn({ revision }, 'the sums agree again: screens go on from the books');
        suspend(false);
      } else if (found.length > 0 && !wasSuspended) {
        log.error(
          { differences: found.slice(0, NAMED_DIFFERENCES), count: found.length, revision },
          'SUMS DISAGREE: screens are suspended at the last good state',
        );
        suspend(true);
      }
      return found;
    });

  const checkOnce = async () => {
    if (differences.length > 0) return checkHeld();
    const found = await checkSums(pool, standing().program.id, standing().remember());
    if (found.length > 0) return checkHeld();
    sumsChecks.add(1, 'agree');
    return found;
  };

  const check = () => {
    const checked = checkOnce();
    checking = checked.catch(() => undefined);
    return checked;
  };

  let isUnderWay = false;
  const checkInTime = async () => {
    // One that takes longer than its pause is not joined by another.
    if (isUnderWay) return;
    isUnderWay = true;
    try {
      await check();
    } catch (err) {
      sumsChecks.add(1, 'failed');
      log.error({ err }, 'the sums could not be checked');
    } finally {
      isUnderWay = false;
    }
  };
  const cancel = clock.every(CHECK_MS, () => void checkInTime(), { background: true });

  return {
    check,
    get agree() {
      return differences.length === 0;
    },
    get differences() {
      return differences;
    },
    get suspendedAt() {
      return suspendedAt;
    },
    async close() {
      cancel();
      await checking;
    },
  };
}
