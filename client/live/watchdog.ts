/**
 * Notices silence. A server that lives sends at least a heartbeat every five seconds, so a picture that gets nothing
 * valid is doubtful after `quietAfterMs` and lost after `lostAfterMs`. It only says so: the socket has a clock of its
 * own by which it gives a silent connection up.
 */
import type { Clock } from '#client/wire/clock.ts';

export const quietAfterMs = 12_000;
export const lostAfterMs = 20_000;

export interface Watchdog {
  /** A valid frame has come: the count starts anew. */
  fed(): void;
  stop(): void;
}

export function createWatchdog(clock: Clock, on: { quiet(): void; lost(): void }): Watchdog {
  let cancelQuiet: () => void;
  let cancelLost: () => void;
  function start(): void {
    cancelQuiet = clock.after(quietAfterMs, on.quiet);
    cancelLost = clock.after(lostAfterMs, on.lost);
  }
  function stop(): void {
    cancelQuiet();
    cancelLost();
  }
  start();
  return {
    fed() {
      stop();
      start();
    },
    stop,
  };
}
