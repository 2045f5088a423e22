/**
 * Chance that can be repeated. `FAULTS_SEED` sets it; without it each run has another, and `npm run test:faults` prints
 * which.
 */
export const faultsSeed = Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** True for the long forms: `npm run test:faults -- --long`. */
export const isLong = process.env.FAULTS_LONG === '1';

/** Numbers from 0 up to, not including, 1: the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
