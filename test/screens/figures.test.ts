import fc from 'fast-check';
import { expect, test } from 'vitest';
import { milestones, neededFor, nextMilestone } from '#client/parts/milestones.ts';
import { bandsOf } from '#client/parts/persistency.ts';
import { leadersOf } from '#client/parts/ranking.ts';
import { pictureAt } from './picture.ts';

test('[BRD-9] the three bands are a partition of enrolled', () => {
  const { enrolled, persistency } = pictureAt(0).whole.totals;
  const bands = bandsOf(persistency);
  expect(bands).toEqual({ paying: 3_249, tooNew: 500, notPaying: 1_400 });
  expect((bands?.paying ?? 0) + (bands?.tooNew ?? 0) + (bands?.notPaying ?? 0)).toBe(enrolled);
});

test('[BRD-9] a band with a hidden cell is unknown, not smaller, and without a closed day there are no bands', () => {
  const { persistency } = pictureAt(0).whole.totals;
  if (persistency === null) throw new Error('the picture has its bands');
  expect(bandsOf({ ...persistency, lapsed: null, inArrears: null })).toEqual({
    paying: 3_249,
    tooNew: 500,
    notPaying: null,
  });
  expect(bandsOf(null)).toBeNull();
});

test('[BRD-10] the next milestone says how many are missing, and is reached by whole people only', () => {
  expect(nextMilestone(37_058, 50_025)).toEqual({ percent: 75, missing: 461 });
  expect(nextMilestone(37_519, 50_025)).toEqual({ percent: 80, missing: 2_501 });
  expect(nextMilestone(50_024, 50_025)).toEqual({ percent: 100, missing: 1 });
  expect(nextMilestone(50_025, 50_025)).toBeNull();
  expect(nextMilestone(0, 0)).toBeNull();
  fc.assert(
    fc.property(fc.constantFrom(...milestones), fc.integer({ min: 1, max: 1_000_000 }), (percent, target) => {
      const needed = neededFor(percent, target);
      expect(needed * 100 >= percent * target).toBe(true);
      expect((needed - 1) * 100 < percent * target).toBe(true);
    }),
  );
});

test('[BRD-12] the leaders stand in the published order, at most seven, and none without a place', () => {
  const part = (code: string, rank: number | null, enrolled: number) => ({
    rank,
    area: { code, shortName: code },
    totals: { enrolled, target: 100 },
  });
  const parts = [
    part('05', 2, 60),
    part('04', 2, 80),
    part('09', null, 99),
    part('01', 1, 90),
    part('02', 2, 80),
    ...Array.from({ length: 6 }, (_, index) => part(`1${index}`, 5 + index, 50 - index)),
  ];
  expect(leadersOf(parts, 7).map(({ code, rank }) => `${rank} ${code}`)).toEqual([
    '1 01',
    '2 02',
    '2 04',
    '2 05',
    '5 10',
    '6 11',
    '7 12',
  ]);
});
