/** Program time, which a loader may hold: what it posts carries the time of the past day it belongs to. */
export interface ProgramClock {
  /** Milliseconds. */
  now(): number;
  /** Stands still at a moment; null lets it run again. */
  hold(ms: number | null): void;
}

export function createProgramClock(running: () => number): ProgramClock {
  let held: number | null = null;
  return {
    now: () => held ?? running(),
    hold(ms) {
      held = ms;
    },
  };
}
