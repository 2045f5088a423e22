/**
 * The page's one way to the time. Whatever waits on the road from the server to the picture takes a clock, so that a
 * test can hold it. Each timer function returns a cancel function, which may be called any number of times.
 */
export interface Clock {
  /** Milliseconds that only go forward, of no date. */
  now(): number;
  /** Milliseconds since the epoch by this machine's own clock, which may jump and may say anything. */
  wall(): number;
  after(ms: number, fn: () => void): () => void;
  /** Calls `fn` every `ms`, the first time after `ms`. */
  every(ms: number, fn: () => void): () => void;
}

export const pageClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
  every(ms, fn) {
    const timer = setInterval(fn, ms);
    return () => clearInterval(timer);
  },
};

const lookEveryMs = 500;
/** By so much more than its timers a wall clock does not run by itself. */
export const sleptFromMs = 3_000;

export interface SleepWatch {
  /** Looks now; true where the machine has slept since the look before, which has been told by then. */
  look(): boolean;
  stop(): void;
}

/**
 * Tells when the machine was suspended, and for how long. Nothing else on the page can: `now` and all timers stand
 * still meanwhile, on Linux and macOS at least, and a picture of an hour ago would be as young as before. The wall
 * clock goes on; where it has gained on the timers' clock between two looks, that is taken for sleep. One that somebody
 * set forward looks alike and is told too; one that was set back is nobody's sleep.
 */
export function watchSleep(clock: Clock, onSlept: (sleptMs: number) => void): SleepWatch {
  let aheadMs = clock.wall() - clock.now();
  function look(): boolean {
    const before = aheadMs;
    aheadMs = clock.wall() - clock.now();
    const sleptMs = aheadMs - before;
    if (sleptMs < sleptFromMs) return false;
    onSlept(sleptMs);
    return true;
  }
  return { look, stop: clock.every(lookEveryMs, look) };
}
