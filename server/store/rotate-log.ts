import { copyFileSync, statSync, truncateSync } from 'node:fs';
import type { Clock } from '#server/base/clock.ts';
import type { Log } from '#server/base/log.ts';

export const LOG_LIMIT_BYTES = 10_000_000;
const LOOK_MS = 60_000;

/**
 * Keeps PostgreSQL's own log from growing without end: what has become longer than the limit is copied to `FILE.1`, in
 * the place of the one before, and begins anew. PostgreSQL appends to the file that is open, so nothing needs to be
 * told to it. Returns how to stop that.
 */
export function rotateLog(file: string, log: Log, clock: Clock): () => void {
  return clock.every(
    LOOK_MS,
    () => {
      try {
        if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= LOG_LIMIT_BYTES) return;
        copyFileSync(file, `${file}.1`);
        truncateSync(file);
      } catch (err) {
        log.warn({ err }, 'the log of PostgreSQL could not be rotated');
      }
    },
    { background: true },
  );
}
