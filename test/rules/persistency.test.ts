import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays as dayAfter } from '#server/base/day.ts';
import { lastDayOf, monthNumber, monthText } from '#server/domain/contributions/month.ts';
import {
  type CoveredMonth,
  classify,
  isMonthEnd,
  PERSISTENCY_RULE,
  type Standing,
} from '#server/domain/contributions/persistency.ts';

const earliest = '2023-01-01';
const anyDay = fc.integer({ min: 0, max: 3 * 366 }).map((days) => dayAfter(earliest, days));

/** Whole histories: paid early, in time, late or never, ahead and before enrolling, closed on any day after. */
const anyStanding: fc.Arbitrary<Standing> = fc
  .record({
    enrolledOn: anyDay,
    months: fc.uniqueArray(
      fc.record({ month: fc.integer({ min: -2, max: 14 }), delay: fc.integer({ min: -45, max: 130 }) }),
      { selector: ({ month }) => month, maxLength: 16 },
    ),
    openDays: fc.integer({ min: 0, max: 420 }),
  })
  .map(({ enrolledOn, months, openDays }) => ({
    enrolledOn,
    covered: months.map(({ month, delay }) => {
      const period = monthText(monthNumber(enrolledOn) + month);
      return { period, paidOn: dayAfter(`${period}-15`, delay) };
    }),
    closedDay: dayAfter(enrolledOn, openDays),
  }));

/** The contract's own words, walked through month by month without arithmetic on months. */
function asWritten({ enrolledOn, covered, closedDay }: Standing): string {
  const dueMonths: string[] = [];
  for (let day = `${enrolledOn.slice(0, 7)}-01`; day <= closedDay; day = dayAfter(day, 1)) {
    if (dayAfter(day, 1).endsWith('-01')) dueMonths.push(day.slice(0, 7));
  }
  const openAtEndOf = (upTo: string[], isPaid: (month: string) => boolean) => {
    let open = 0;
    for (const month of upTo) open = isPaid(month) ? 0 : open + 1;
    return open;
  };
  const m = covered.length;
  const u = openAtEndOf(dueMonths, (month) => covered.some(({ period }) => period === month));
  if (dueMonths.length <= 1) return 'TOO_NEW';
  if (u > 3) return 'LAPSED';
  if (m <= 1 && u >= 1) return 'STOPPED';
  if (u >= 1) return 'IN_ARREARS';
  const wasOpen = dueMonths.slice(-6).some((end) => {
    const until = dueMonths.slice(0, dueMonths.indexOf(end) + 1);
    return (
      openAtEndOf(until, (month) => covered.some((c) => c.period === month && c.paidOn.slice(0, 7) <= end)) >
      0
    );
  });
  return wasOpen ? 'RESUMED' : 'PAYING';
}

const standing = (
  enrolledOn: string,
  closedDay: string,
  ...paid: (string | [string, string])[]
): Standing => ({
  enrolledOn,
  closedDay,
  covered: paid.map((each) =>
    typeof each === 'string' ? { period: each, paidOn: `${each}-10` } : { period: each[0], paidOn: each[1] },
  ),
});

describe('persistency', () => {
  it('[CON-1] puts every history into exactly the class that the definition names first', () => {
    fc.assert(
      fc.property(anyStanding, (each) => {
        expect(classify(each)).toBe(asWritten(each));
      }),
      { numRuns: 2000 },
    );
  });

  it('[CON-2] tells too new, stopped, paying, in arrears, lapsed and resumed apart', () => {
    const cases: readonly (readonly [string, Standing])[] = [
      ['TOO_NEW', standing('2025-09-01', '2025-10-30', '2025-09')],
      ['TOO_NEW', standing('2025-09-30', '2025-10-30')],
      ['TOO_NEW', standing('2025-10-29', '2025-10-28')],
      ['STOPPED', standing('2025-09-01', '2025-10-31', '2025-09')],
      ['STOPPED', standing('2025-09-01', '2025-10-31')],
      ['STOPPED', standing('2025-06-20', '2025-10-28', '2025-06')],
      ['LAPSED', standing('2025-05-20', '2025-10-28', '2025-05')],
      ['LAPSED', standing('2025-01-20', '2025-10-28', '2025-01', '2025-02', '2025-03')],
      ['IN_ARREARS', standing('2025-05-20', '2025-10-28', '2025-05', '2025-06')],
      ['IN_ARREARS', standing('2025-05-20', '2025-10-28', '2025-05', '2025-06', '2025-07', '2025-08')],
      ['PAYING', standing('2025-08-20', '2025-10-28', '2025-08', '2025-09')],
      ['PAYING', standing('2025-08-20', '2025-11-30', '2025-08', '2025-09', '2025-10', '2025-11', '2025-12')],
      ['RESUMED', standing('2025-07-20', '2025-10-28', '2025-07', '2025-09')],
      ['RESUMED', standing('2025-07-20', '2025-10-28', '2025-07', ['2025-08', '2025-09-10'], '2025-09')],
    ];
    for (const [expected, each] of cases) expect([each, classify(each)]).toEqual([each, expected]);
  });

  it('[CON-3] changes with a contribution or the end of a month, and on no other day', () => {
    fc.assert(
      fc.property(anyStanding, (each) => {
        const next = dayAfter(each.closedDay, 1);
        if (!isMonthEnd(next)) expect(classify({ ...each, closedDay: next })).toBe(classify(each));
      }),
      { numRuns: 1000 },
    );
  });

  it('[CON-3] does not hang on the order in which contributions became known', () => {
    fc.assert(
      fc.property(anyStanding, (each) => {
        expect(classify({ ...each, covered: [...each.covered].reverse() })).toBe(classify(each));
      }),
    );
  });

  it('[CON-4] never takes anybody out of the two paying classes for one more contribution', () => {
    const isPaying = (each: Standing) => ['PAYING', 'RESUMED'].includes(classify(each));
    fc.assert(
      fc.property(anyStanding, fc.nat(), (each, pick) => {
        const left = pick % (each.covered.length + 1);
        const before = { ...each, covered: each.covered.filter((_, index) => index !== left) };
        if (isPaying(before)) expect(isPaying(each)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('[CON-5] lets a month fall due on its last day and not before, leap years too', () => {
    const ends = ['2023-02-28', '2024-02-29', '2100-02-28', '2000-02-29', '2025-04-30', '2025-12-31'];
    for (const end of ends) {
      expect([end, lastDayOf(monthNumber(end))]).toEqual([end, end]);
      const paidTheFirst = standing(dayAfter(end, -40), dayAfter(end, -1), dayAfter(end, -40).slice(0, 7));
      expect(classify(paidTheFirst)).toBe('TOO_NEW');
      expect(classify({ ...paidTheFirst, closedDay: end })).toBe('STOPPED');
    }
    expect(isMonthEnd('2024-02-28')).toBe(false);
  });

  it('[CON-5] takes a month paid on its last day as paid in time, and a day later as having stood open', () => {
    const paidOn = (day: string) => standing('2024-01-05', '2024-02-29', '2024-01', ['2024-02', day]);
    expect(classify(paidOn('2024-02-29'))).toBe('PAYING');
    expect(classify(paidOn('2024-03-01'))).toBe('RESUMED');
  });

  it('[CON-6] runs down to lapsed, never up, where nothing more is paid', () => {
    const depths = { TOO_NEW: 0, PAYING: 0, RESUMED: 0, STOPPED: 1, IN_ARREARS: 1, LAPSED: 2 };
    const depth = (each: Standing) => depths[classify(each)];
    fc.assert(
      fc.property(anyStanding, (each) => {
        const notAhead = (month: CoveredMonth) => month.period <= each.closedDay.slice(0, 7);
        const monthEnd = lastDayOf(monthNumber(each.closedDay));
        let now: Standing = { ...each, covered: each.covered.filter(notAhead), closedDay: monthEnd };
        for (let months = 0; months < 6; months++) {
          const next = { ...now, closedDay: lastDayOf(monthNumber(now.closedDay) + 1) };
          expect(depth(next)).toBeGreaterThanOrEqual(depth(now));
          if (classify(now) !== 'TOO_NEW') expect(classify(next)).not.toBe('TOO_NEW');
          now = next;
        }
        expect(classify(now)).toBe('LAPSED');
      }),
    );
  });

  it('[CON-6] forgets an open month once six later ones have fallen due', () => {
    const paidAfterAGap = standing('2024-01-05', '2024-01-31', '2024-01');
    const later = Array.from({ length: 9 }, (_, index) => monthText(monthNumber('2024-03') + index));
    const covered = [
      ...paidAfterAGap.covered,
      ...later.map((period) => ({ period, paidOn: `${period}-01` })),
    ];
    const at = (closedDay: string) => classify({ ...paidAfterAGap, covered, closedDay });
    expect(['2024-03-31', '2024-07-31', '2024-08-31'].map(at)).toEqual(['RESUMED', 'RESUMED', 'PAYING']);
  });

  it('[CON-7] takes its limits from configuration', () => {
    const twoOpen = standing('2025-05-20', '2025-10-28', '2025-05', '2025-06', '2025-07');
    expect(classify(twoOpen)).toBe('IN_ARREARS');
    expect(classify(twoOpen, { ...PERSISTENCY_RULE, arrearsLimitMonths: 1 })).toBe('LAPSED');
    const gap = standing('2025-05-20', '2025-10-28', '2025-05', '2025-07', '2025-08', '2025-09');
    expect(classify(gap)).toBe('RESUMED');
    expect(classify(gap, { ...PERSISTENCY_RULE, resumedWindowMonths: 3 })).toBe('PAYING');
  });
});
