/**
 * The page's one way to the time. Whatever waits on the road from the server to the picture takes a clock, so that a
 * test can hold it. Each timer function returns a cancel function, which may be called any number of times.
 */
export interface Clock {
  /** Milliseconds that only go forward, of no date. */
  now(): number;
  after(ms: number, fn: () => void): () => void;
  /** Calls `fn` every `ms`, the first time after `ms`. */
  every(ms: number, fn: () => void): () => void;
}

export const pageClock: Clock = {
  now: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
  every(ms, fn) {
    const timer = setInterval(fn, ms);
    return () => clearInterval(timer);
  },
};
