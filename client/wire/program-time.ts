/**
 * The program's time, as far as this page has been told it. A screen's own clock may say anything, and a demonstration
 * runs at a time of its own: so what counts is what the server said, and how much has passed since.
 */
import type { Clock } from './clock.ts';

/** All times are program time in milliseconds since the epoch. */
export interface ProgramTime {
  /** Null before anything was told. */
  now(): number | null;
  /** It is this now, whatever was known before: the server's answer to a ping. */
  told(nowMs: number): void;
  /** So much has passed that the clock did not count. */
  slept(ms: number): void;
  /** Calls `listener` each time that it was told. */
  onTold(listener: () => void): () => void;
  /** Milliseconds since a moment that the server spoke of; one that is later than what was known is taken for now. */
  since(momentMs: number): number;
}

export function createProgramTime(clock: Clock): ProgramTime {
  let known: { readonly programMs: number; readonly clockMs: number } | null = null;
  const now = () => (known === null ? null : known.programMs + (clock.now() - known.clockMs));
  const listeners = new Set<() => void>();
  const set = (nowMs: number) => {
    known = { programMs: nowMs, clockMs: clock.now() };
  };
  return {
    now,
    told(nowMs) {
      set(nowMs);
      for (const listener of [...listeners]) listener();
    },
    slept(ms) {
      if (known !== null) known = { ...known, programMs: known.programMs + ms };
    },
    onTold(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    since(momentMs) {
      const nowMs = now();
      if (nowMs !== null && nowMs > momentMs) return nowMs - momentMs;
      set(momentMs);
      return 0;
    },
  };
}
