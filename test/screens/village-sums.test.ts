import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addUp, byVillage, sumsOf } from '#client/parts/area-sums.ts';
import { mostStopped, rowsOf, tilesOf, wholePaceOf } from '#client/screens/district/area-view.ts';
import { neighborhood } from './area-picture.ts';

const villages = [
  { code: '12.71.14.1001', name: 'Indra Kasih' },
  { code: '12.71.14.1002', name: 'Sidorejo Hilir' },
];
const parts = [
  neighborhood('12.71.14.1001-001', 26),
  neighborhood('12.71.14.1001-002', 19),
  neighborhood('12.71.14.1002-001', 25, {
    persistency: { tooNew: 4, stopped: 6, paying: 10, inArrears: 3, lapsed: 1, resumed: 1 },
  }),
];

test('[PAG-1] a village is the sum of its neighborhoods', () => {
  const [indra, hilir] = rowsOf('DISTRICT', { parts }, villages, null, '2025-10-29');
  expect(indra).toEqual({
    ...villages[0],
    pace: null,
    sums: {
      enrolled: 45,
      target: 50,
      even: 44,
      neighborhoods: 2,
      complete: 1,
      bands: { paying: 45, tooNew: 0, notPaying: 0 },
      oneMonth: 6,
    },
  });
  expect(hilir?.sums.bands).toEqual({ paying: 11, tooNew: 4, notPaying: 10 });
  expect(tilesOf({ parts }, villages).map(({ neighborhoods }) => neighborhoods.length)).toEqual([2, 1]);
});

test('[PAG-1] whatever the neighborhoods, villages add up to the whole, and a number is in one village alone', () => {
  const part = fc
    .record({
      village: fc.integer({ min: 1, max: 4 }),
      number: fc.integer({ min: 1, max: 99 }),
      enrolled: fc.nat(40),
    })
    .map(({ village, number, enrolled }) =>
      neighborhood(`12.71.14.100${village}-${String(number).padStart(3, '0')}`, enrolled),
    );
  fc.assert(
    fc.property(fc.uniqueArray(part, { selector: ({ area }) => area.code, minLength: 1 }), (all) => {
      const grouped = [...byVillage(all).values()];
      expect(grouped.flat()).toHaveLength(all.length);
      expect(addUp(grouped.map((each) => addUp(each.map(sumsOf))))).toEqual(addUp(all.map(sumsOf)));
    }),
  );
});

test('[PAG-1] a piece that is unknown in one neighborhood is unknown in the sum, not smaller', () => {
  const hidden = neighborhood('12.71.14.1001-003', 8, { persistency: null, monthsPaid: { one: null } });
  const sums = addUp([...parts, hidden].map(sumsOf));
  expect(sums.bands).toBeNull();
  expect(sums.oneMonth).toBeNull();
  expect(sums.enrolled).toBe(78);
});

test('[PAG-1] the even count comes back from its rate as the whole number that it was', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(5_000), (target, wanted) => {
      const even = Math.min(target, wanted);
      const { totals } = neighborhood('12.71.14.1001-001', even, { target, evenAchievement: even / target });
      expect(sumsOf({ totals }).even).toBe(even);
    }),
  );
});

test('[PAG-3] where contributions have stopped is told by share, not by size', () => {
  const rows = rowsOf(
    'VILLAGE',
    {
      parts: [
        neighborhood('12.71.14.1001-001', 100, {
          persistency: { tooNew: 0, stopped: 30, paying: 70, inArrears: 0, lapsed: 0, resumed: 0 },
        }),
        neighborhood('12.71.14.1001-002', 20, {
          persistency: { tooNew: 0, stopped: 10, paying: 10, inArrears: 0, lapsed: 0, resumed: 0 },
        }),
      ],
    },
    [],
    null,
    '2025-10-29',
  );
  expect(mostStopped(rows)).toEqual({ name: 'Lingkungan 2', count: 10, enrolled: 20 });
  expect(mostStopped([])).toBeNull();
});

test('[PAG-2] the pace of the whole is the sum of its lines, and unknown while one of them is', () => {
  const closings = new Map([['12.71.14.1001-001', new Map([['2025-10-22', 20]])]]);
  const rows = rowsOf(
    'VILLAGE',
    { parts: [neighborhood('12.71.14.1001-001', 26)] },
    [],
    closings,
    '2025-10-29',
  );
  expect(wholePaceOf(rows)).toEqual({ sevenDays: 6 });
  const both = rowsOf('VILLAGE', { parts: parts.slice(0, 2) }, [], closings, '2025-10-29');
  expect(wholePaceOf(both)).toBeNull();
});
