import { invariant } from '#server/base/invariant.ts';

/** Numbers that look random and are the same on every machine: whole-number arithmetic and division only. */
export interface RandomStream {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from `lowest` to `highest`, both included. */
  between(lowest: number, highest: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
}

const STEP = 0x9e3779b9;

/**
 * One stream per purpose, told apart by `name`: so a change in how names are drawn leaves the payments as they were.
 * `index` starts a stream of its own for the n-th of something.
 */
export function randomStream(name: string, index = 0): RandomStream {
  let state = 0;
  for (let at = 0; at < name.length; at++) state = scramble(state ^ (name.charCodeAt(at) + STEP));
  state = scramble(state ^ Math.imul(index + 1, STEP));

  const next = (): number => {
    state = (state + STEP) | 0;
    return (scramble(state) >>> 0) / 2 ** 32;
  };
  const between = (lowest: number, highest: number): number =>
    lowest + Math.floor(next() * (highest - lowest + 1));
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick(from) {
      invariant(from.length > 0, 'something to pick from');
      return from[between(0, from.length - 1)] as (typeof from)[number];
    },
  };
}

/** The same in an order drawn from the stream. */
export function shuffled<T>(random: RandomStream, items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** Spreads each bit of a 32-bit number over all of them, with multipliers that are known to do it well. */
function scramble(bits: number): number {
  let mixed = bits ^ (bits >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
