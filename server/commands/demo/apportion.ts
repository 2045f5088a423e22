import { invariant } from '#server/base/invariant.ts';

/**
 * Whole shares of `total` in proportion to `weights`, summing to `total` exactly: each share is rounded down, and
 * what is left goes to the largest remainders, the earlier one first where they are equal.
 * `total` is a whole number of at least 0, the weights at least 0 with a sum above 0.
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  invariant(sum > 0, 'something to apportion by');
  const exact = weights.map((weight) => (total * weight) / sum);
  const shares = exact.map(Math.floor);
  const left = total - shares.reduce((a, b) => a + b, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { index } of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}
