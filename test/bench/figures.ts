/** Figures of repeated measurements: what is told of them, and how sure it is. */

/** The value below which `share` (0 to 1) of them lie; 0 for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** `p50 12.3, p95 20.1, p99 25.0, max 31.4 ms (n 200)`. */
export function spread(values: readonly number[]): string {
  const at = (share: number) => quantile(values, share).toFixed(1);
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, max ${at(1)} ms (n ${values.length})`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? 0;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? upper) + upper) / 2 : upper;
}

export interface Estimate {
  readonly median: number;
  /** The 95 % interval of the median. */
  readonly low: number;
  readonly high: number;
  readonly least: number;
  readonly most: number;
}

const RESAMPLES = 4_000;
const SEED = 20_250_514;

/** The median and its 95 % interval by the percentile bootstrap, from a fixed seed: the same values, the same interval. */
export function estimate(values: readonly number[]): Estimate {
  const random = randomNumbers(SEED);
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(values.map(() => values[Math.floor(random() * values.length)] as number)),
  );
  return {
    median: median(values),
    low: quantile(medians, 0.025),
    high: quantile(medians, 0.975),
    least: Math.min(...values),
    most: Math.max(...values),
  };
}

/** `12.31 (12.02 to 12.58; all 11.90 to 13.40)`. */
export function tell({ median: middle, low, high, least, most }: Estimate, digits = 2): string {
  const write = (value: number) => value.toFixed(digits);
  return `${write(middle)} (${write(low)} to ${write(high)}; all ${write(least)} to ${write(most)})`;
}

/** Mulberry32: the same numbers from 0 to 1 for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
