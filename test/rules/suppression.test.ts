import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suppress } from '#server/domain/metrics/suppression.ts';

const SMALLEST_PUBLIC_CELL = 5;
const CLASSES = ['tooNew', 'stopped', 'paying', 'inArrears', 'lapsed', 'resumed'] as const;
type Cells = Record<string, number>;

const isSmall = (value: number) => value > 0 && value < SMALLEST_PUBLIC_CELL;
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

const anyCells = fc
  .tuple(
    fc.integer({ min: 2, max: 6 }),
    fc.array(fc.oneof(fc.nat(6), fc.nat(300)), { minLength: 6, maxLength: 6 }),
  )
  .map(
    ([width, values]): Cells =>
      Object.fromEntries(CLASSES.slice(0, width).map((name, at) => [name, values[at] ?? 0])),
  );

describe('what the public sees of a partition', () => {
  it('[MET-7] is all of it where no cell is under five', () => {
    const cells = { none: 5, one: 18_152, more: 18_901 };
    expect(suppress(cells)).toEqual(cells);
    expect(suppress({ none: 0, one: 5, more: 0 })).toEqual({ none: 0, one: 5, more: 0 });
  });

  it('[MET-7] lacks every cell under five, and one more where it could be had from the whole', () => {
    expect(suppress({ a: 4, b: 90, c: 30, d: 0 })).toEqual({ a: null, b: 90, c: null, d: 0 });
    expect(suppress({ a: 1, b: 2, c: 30 })).toEqual({ a: null, b: null, c: 30 });
    expect(suppress({ a: 3, b: 0, c: 0 })).toEqual({ a: null, b: null, c: 0 });
  });

  it('[MET-8] hides a further one where the sum of the hidden tells each: all ones, or all fours', () => {
    expect(suppress({ a: 1, b: 1, c: 30, d: 40 })).toEqual({ a: null, b: null, c: null, d: 40 });
    expect(suppress({ a: 4, b: 4, c: 30, d: 40 })).toEqual({ a: null, b: null, c: null, d: 40 });
  });

  it('[MET-8] never lets a cell under five be had by subtraction, and hides nothing without need', () => {
    fc.assert(
      fc.property(anyCells, (cells) => {
        const shown = suppress(cells);
        const names = Object.keys(cells);
        const hidden = names.filter((name) => shown[name] === null);
        for (const name of names) {
          if (isSmall(cells[name] ?? 0)) expect(shown[name]).toBeNull();
          else expect([null, cells[name]]).toContain(shown[name]);
        }
        if (!names.some((name) => isSmall(cells[name] ?? 0))) {
          expect(hidden).toEqual([]);
          return;
        }
        expect(hidden.length).toBeGreaterThan(1);
        expect(hidden.filter((name) => !isSmall(cells[name] ?? 0)).length).toBeLessThanOrEqual(1);
        // Where a larger or empty one hides among them, or nothing is left to hide, there is no more to be done.
        if (hidden.length === names.length || !hidden.every((name) => isSmall(cells[name] ?? 0))) return;
        const missing =
          total(names.map((name) => cells[name] ?? 0)) - total(names.map((name) => shown[name] ?? 0));
        expect(missing).not.toBe(hidden.length);
        expect(missing).not.toBe(hidden.length * (SMALLEST_PUBLIC_CELL - 1));
      }),
      { numRuns: 2_000 },
    );
  });
});
