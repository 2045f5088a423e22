/**
 * Notices silence. A server that reaches its database sends at least a heartbeat every five seconds, so a picture that
 * gets nothing valid is doubtful once it is `quietAfterMs` old and lost once it is `lostAfterMs` old. A frame that is
 * old when it comes breaks no silence. It only says so: the socket has a clock of its own by which it gives a silent
 * connection up.
 */
import type { Clock } from '#client/wire/clock.ts';

export const quietAfterMs = 12_000;
export const lostAfterMs = 20_000;

export type Silence = 'none' | 'quiet' | 'lost';

/** What there is to say of a picture that is so old. */
export function silenceOf(ageMs: number): Silence {
  if (ageMs >= lostAfterMs) return 'lost';
  return ageMs >= quietAfterMs ? 'quiet' : 'none';
}

export interface Watchdog {
  /** A valid frame has come, so old already: it counts on from there, and tells only what is still to come. */
  fed(ageMs: number): void;
  /** The machine slept for `ms`, which no timer counted: gives how it stands now, and tells only what is still to come. */
  slept(ms: number): Silence;
  stop(): void;
}

export function createWatchdog(clock: Clock, on: { quiet(): void; lost(): void }): Watchdog {
  let cancelQuiet: () => void = () => undefined;
  let cancelLost: () => void = () => undefined;
  let silentSinceMs: number;
  function start(ageMs: number): void {
    silentSinceMs = clock.now() - ageMs;
    const silence = silenceOf(ageMs);
    if (silence === 'none') cancelQuiet = clock.after(quietAfterMs - ageMs, on.quiet);
    if (silence !== 'lost') cancelLost = clock.after(lostAfterMs - ageMs, on.lost);
  }
  function stop(): void {
    cancelQuiet();
    cancelLost();
  }
  start(0);
  return {
    fed(ageMs) {
      stop();
      start(ageMs);
    },
    slept(ms) {
      const silentMs = clock.now() - silentSinceMs + ms;
      stop();
      start(silentMs);
      return silenceOf(silentMs);
    },
    stop,
  };
}
