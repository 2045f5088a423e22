/**
 * Notices silence. A server that lives sends at least a heartbeat every five seconds, so a picture that gets nothing
 * valid is doubtful after `quietAfterMs` and lost after `lostAfterMs`; lost is told again each time the same span
 * passes, so that whoever renews the connection gets another chance as long as it takes.
 */
export const quietAfterMs = 12_000;
export const lostAfterMs = 20_000;

export interface Watchdog {
  /** A valid frame has come: the count starts anew. */
  fed(): void;
  stop(): void;
}

export function createWatchdog(on: { quiet(): void; lost(): void }): Watchdog {
  let quiet: ReturnType<typeof setTimeout>;
  let lost: ReturnType<typeof setInterval>;
  function start(): void {
    quiet = setTimeout(on.quiet, quietAfterMs);
    lost = setInterval(on.lost, lostAfterMs);
  }
  function stop(): void {
    clearTimeout(quiet);
    clearInterval(lost);
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
