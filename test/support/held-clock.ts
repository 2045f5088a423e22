import type { Clock } from '#server/base/clock.ts';

interface Timer {
  dueMs: number;
  readonly order: number;
  readonly everyMs: number | undefined;
  readonly fn: () => void;
}

export interface HeldClock extends Clock {
  /** Moves on by `ms`, calling in order every timer that falls due, each at its own time. */
  advance(ms: number): void;
  /** As `advance`, but lets promises settle between timers, for code that awaits inside one. */
  advanceAsync(ms: number): Promise<void>;
  /** The wall's time: as `now` as long as the machine has not slept. */
  wall(): number;
  /** The machine is suspended: the wall's clock goes on by `ms` (back, where negative), and `now` and timers stand still. */
  sleep(ms: number): void;
  /** Timers that still wait. */
  readonly waiting: number;
}

/** A clock that stands still until a test moves it. `startMs`: milliseconds since the epoch. */
export function heldClock(startMs = Date.UTC(2025, 9, 29, 1, 30)): HeldClock {
  let nowMs = startMs;
  let sleptMs = 0;
  let made = 0;
  const timers = new Set<Timer>();

  const add = (ms: number, fn: () => void, everyMs: number | undefined) => {
    made += 1;
    const timer: Timer = { dueMs: nowMs + ms, order: made, everyMs, fn };
    timers.add(timer);
    return () => void timers.delete(timer);
  };

  const nextDue = (untilMs: number): Timer | undefined =>
    [...timers]
      .filter((timer) => timer.dueMs <= untilMs)
      .sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0];

  const fire = (timer: Timer) => {
    nowMs = Math.max(nowMs, timer.dueMs);
    if (timer.everyMs === undefined) timers.delete(timer);
    else timer.dueMs += timer.everyMs;
    timer.fn();
  };

  return {
    now: () => nowMs,
    after: (ms, fn) => add(ms, fn, undefined),
    every: (ms, fn) => add(ms, fn, Math.max(1, ms)),
    advance(ms) {
      const untilMs = nowMs + ms;
      for (let timer = nextDue(untilMs); timer; timer = nextDue(untilMs)) fire(timer);
      nowMs = untilMs;
    },
    async advanceAsync(ms) {
      const untilMs = nowMs + ms;
      await settle();
      for (let timer = nextDue(untilMs); timer; timer = nextDue(untilMs)) {
        fire(timer);
        await settle();
      }
      nowMs = untilMs;
    },
    wall: () => nowMs + sleptMs,
    sleep(ms) {
      sleptMs += ms;
    },
    get waiting() {
      return timers.size;
    },
  };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
