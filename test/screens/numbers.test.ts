import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatCount,
  formatDay,
  formatDelta,
  formatRate,
  formatTime,
  formatWallRate,
  ratePlaces,
} from '#client/design/numbers.ts';

test('[BRD-1] counts, rates and times are written the Indonesian way, and in English the English way', () => {
  expect(formatCount(50_025, 'id')).toBe('50.025');
  expect(formatCount(50_025, 'en')).toBe('50,025');
  expect(formatRate(37_058, 50_025, 2, 'id')).toBe('74,08%');
  expect(formatRate(37_058, 50_025, 2, 'en')).toBe('74.08%');
  expect(formatRate(2_123, 2_375, 1, 'id')).toBe('89,4%');
  expect(formatTime(Date.parse('2025-10-29T01:30:07.900Z'), 'id')).toBe('08.30.07 WIB');
  expect(formatTime(Date.parse('2025-10-29T17:00:00Z'), 'en')).toBe('00:00:00 WIB');
  expect(formatDay('2025-10-28', 'id')).toBe('28 Okt');
  expect(formatDay('2025-10-28', 'en')).toBe('28 Oct');
  expect(formatDelta(-1, 'id')).toBe('−1');
  expect(formatDelta(1_200, 'id')).toBe('+1.200');
});

test('[BRD-2] a rate is rounded half up', () => {
  expect(formatRate(1, 8, 0, 'id')).toBe('13%');
  expect(formatRate(1_235, 100_000, 2, 'id')).toBe('1,24%');
  expect(formatRate(12_345, 1_000_000, 2, 'id')).toBe('1,23%');
});

test('[BRD-2] nothing is shown as 100 % while one is missing, and everything is once none is', () => {
  expect(formatRate(50_024, 50_025, 2, 'id')).toBe('99,99%');
  expect(formatRate(50_024, 50_025, 1, 'id')).toBe('99,9%');
  expect(formatRate(50_025, 50_025, 2, 'id')).toBe('100,00%');
  expect(formatRate(51_000, 50_025, 2, 'id')).toBe('101,95%');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000_000 }), fc.nat(), fc.nat(3), (target, some, decimals) => {
      const enrolled = some % (2 * target);
      const places = ratePlaces(enrolled, target, decimals) ?? -1;
      expect(places >= 100 * 10 ** decimals).toBe(enrolled >= target);
    }),
  );
});

test('[BRD-2] a wall drops the decimals once the target is reached, and not before', () => {
  expect(formatWallRate(50_024, 50_025, 1, 'id')).toBe('99,9%');
  expect(formatWallRate(50_024, 50_025, 2, 'id')).toBe('99,99%');
  expect(formatWallRate(50_025, 50_025, 2, 'id')).toBe('100%');
  expect(formatWallRate(2_384, 2_375, 1, 'id')).toBe('100%');
  expect(formatWallRate(328, 25, 1, 'id')).toBe('1.312%');
  expect(formatWallRate(328, 25, 1, 'en')).toBe('1,312%');
  expect(formatWallRate(5, 0, 1, 'id')).toBe('–');
});

test('[BRD-2] without a target there is no rate', () => {
  expect(ratePlaces(5, 0, 2)).toBeNull();
  expect(formatRate(5, 0, 2, 'id')).toBe('–');
});
