export interface TimerOptions {
  /** True: the timer alone does not keep the process alive. */
  readonly background?: boolean;
}

/**
 * The one way to the time. Whatever waits or stamps takes a clock, so that a test can hold it.
 * Each timer function returns a cancel function, which may be called any number of times.
 */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. Program time is made from it by the ledger. */
  now(): number;
  /** Calls `fn` once after `ms`. What `fn` throws is uncaught: it answers for its own errors. */
  after(ms: number, fn: () => void, options?: TimerOptions): () => void;
  /** Calls `fn` every `ms`, the first time after `ms`. */
  every(ms: number, fn: () => void, options?: TimerOptions): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, fn, options) {
    const timer = setTimeout(fn, ms);
    if (options?.background) timer.unref();
    return () => clearTimeout(timer);
  },
  every(ms, fn, options) {
    const timer = setInterval(fn, ms);
    if (options?.background) timer.unref();
    return () => clearInterval(timer);
  },
};
