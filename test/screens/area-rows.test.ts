import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import {
  type AreaRow,
  columns,
  orderOf,
  orderText,
  sorted,
  turned,
  usualOrder,
} from '#client/parts/area-rows.ts';
import { sumsOf } from '#client/parts/area-sums.ts';
import { useHeldOrder } from '#client/parts/use-held-order.ts';
import { neighborhood } from './area-picture.ts';

const row = (name: string, enrolled: number, target: number, sevenDays: number | null = null): AreaRow => ({
  code: `12.71.14.1001-${name}`,
  name,
  sums: sumsOf(neighborhood('12.71.14.1001-001', enrolled, { target })),
  pace: sevenDays === null ? null : { sevenDays, line: [sevenDays] },
});

const names = (rows: readonly AreaRow[]) => rows.map(({ name }) => name).join(' ');

test('[PAG-4] every order is said by the address and read back, and what is not known is the usual one', () => {
  for (const by of columns) {
    for (const isRising of [true, false])
      expect(orderOf(orderText({ by, isRising }))).toEqual({ by, isRising });
  }
  expect(orderText(usualOrder)).toBeUndefined();
  for (const asked of [undefined, 'size', '', 7]) expect(orderOf(asked)).toEqual(usualOrder);
  expect(turned(usualOrder, 'rate')).toEqual({ by: 'rate', isRising: true });
  expect(turned(usualOrder, 'name')).toEqual({ by: 'name', isRising: true });
});

test('[PAG-4] rates are compared exactly, then by enrolled, then by code', () => {
  const rows = [row('a', 2, 3), row('b', 66_666, 100_000), row('c', 4, 6), row('d', 0, 0), row('e', 9, 9)];
  expect(names(sorted(rows, { by: 'rate', isRising: false }))).toBe('e c a b d');
});

test('[PAG-4] what is not known is last, whichever way it is sorted', () => {
  const rows = [row('a', 1, 9), row('b', 1, 9, 3), row('c', 1, 9, -2)];
  expect(names(sorted(rows, { by: 'pace', isRising: false }))).toBe('b c a');
  expect(names(sorted(rows, { by: 'pace', isRising: true }))).toBe('c b a');
});

test('[PAG-5] while somebody points at a table its lines stay where they are, and its figures do not', () => {
  const before = [row('a', 9, 10), row('b', 8, 10)];
  const after = [row('b', 10, 10), row('a', 9, 10)];
  const { result, rerender } = renderHook(
    ({ rows, sorting, isHeld }) => useHeldOrder(rows, sorting, isHeld),
    { initialProps: { rows: before, sorting: 'rate', isHeld: false } },
  );
  rerender({ rows: after, sorting: 'rate', isHeld: true });
  expect(names(result.current)).toBe('a b');
  expect(result.current[1]?.sums.enrolled).toBe(10);
  rerender({ rows: after, sorting: 'rate', isHeld: false });
  expect(names(result.current)).toBe('b a');
});

test('[PAG-5] another order, or other lines, come through at once', () => {
  const rows = [row('a', 9, 10), row('b', 8, 10)];
  const { result, rerender } = renderHook(({ shown, sorting }) => useHeldOrder(shown, sorting, true), {
    initialProps: { shown: rows, sorting: 'rate' },
  });
  rerender({ shown: [...rows].reverse(), sorting: '-rate' });
  expect(names(result.current)).toBe('b a');
  rerender({ shown: [row('c', 1, 2)], sorting: '-rate' });
  expect(names(result.current)).toBe('c');
});
