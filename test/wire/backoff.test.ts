import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from '#client/wire/backoff.ts';

test('[WIR-1] a screen waits half a second to five before it tries again, however often it has failed', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.double({ min: 0, max: 0.999_999, noNaN: true }), (retries, chance) => {
      const ms = backoffMs(retries, () => chance);
      expect(ms).toBeGreaterThanOrEqual(500);
      expect(ms).toBeLessThanOrEqual(5_000);
    }),
  );
});

test('[WIR-1] waits spread over the whole span, so that a hall of screens does not come back in step', () => {
  expect(backoffMs(9, () => 0)).toBe(500);
  expect(backoffMs(9, () => 0.5)).toBe(2_750);
  expect(backoffMs(0, () => 0.5)).toBe(750);
});
