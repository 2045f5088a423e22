import { expect, test } from 'vitest';
import { closingsOf, closingsWanted, dayOf, paceOf, shiftDay } from '#client/parts/pace.ts';

const today = '2025-10-29';
const area = { code: '12.71.14.1001' };

/** One more person each day, since `from`. */
function climbing(from: string): Parameters<typeof closingsOf>[0] {
  const rows: { area: typeof area; period: string; values: number[] }[] = [];
  for (let day = from, count = 1; day < today; day = shiftDay(day, 1), count++) {
    rows.push({ area, period: day, values: [count] });
  }
  return rows;
}

test('[PAG-2] a program day is a day of western Indonesia', () => {
  expect(dayOf('2025-10-28T16:59:59.999Z')).toBe('2025-10-28');
  expect(dayOf('2025-10-28T17:00:00.000Z')).toBe('2025-10-29');
});

test('[PAG-2] seven days are today and the six before it, and the line ends on that figure', () => {
  const wanted = closingsWanted(today);
  expect(wanted).toEqual({ from: '2025-09-03', to: '2025-10-28' });
  const closings = closingsOf(climbing(wanted.from), area.code);
  const before = closings.get(area.code)?.get('2025-10-22') ?? 0;
  const pace = paceOf(closings, area.code, before + 12, today);
  expect(pace?.sevenDays).toBe(12);
  expect(pace?.line).toHaveLength(50);
  expect(pace?.line.at(-1)).toBe(12);
  expect(pace?.line.slice(0, -1)).toEqual(Array.from({ length: 49 }, () => 7));
});

test('[PAG-2] before the first day that is known nobody was enrolled: the program had not begun', () => {
  const closings = closingsOf(
    [
      { area, period: '2025-10-27', values: [5] },
      { area, period: '2025-10-28', values: [8] },
    ],
    '',
  );
  expect(paceOf(closings, area.code, 9, today)).toMatchObject({ sevenDays: 9 });
});

test('[PAG-2] an area whose past is not known has no pace, and a row without an area is of the whole', () => {
  const closings = closingsOf([{ area: null, period: '2025-10-22', values: [20] }], '12.71.14.1001-001');
  expect(paceOf(closings, '12.71.14.1001-001', 26, today)?.sevenDays).toBe(6);
  expect(paceOf(closings, '12.71.14.1001-002', 26, today)).toBeNull();
});
