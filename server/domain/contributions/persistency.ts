import type { PersistencyClass } from '#server/ledger/figures.ts';
import { lastDayOf, type MonthNumber, monthNumber } from './month.ts';

/**
 * Is an enrolled worker still paying? Each is in exactly one class, the first that fits. With m the months covered
 * and u the due months in a row, up to the latest, that are not covered (a month falls due at its end):
 *
 *   TOO_NEW     no month after the month of enrollment is due yet
 *   LAPSED      u above 3
 *   STOPPED     u at least 1, and m at most 1: paid one month, or none
 *   IN_ARREARS  u of 1 to 3
 *   RESUMED     nothing open now, but a month stood open at some time in the last 6 due months
 *   PAYING      the others
 *
 * Counted in months covered, never in rupiah: the fee changes. The class hangs on the coverage and on the latest
 * due month alone, so only a contribution or a month's end can change it, and a further contribution never takes
 * anybody out of PAYING and RESUMED, the two that count as still paying. Nobody in arrears is called protected.
 */
export interface PersistencyRule {
  /** More open months in a row than this end the membership. */
  readonly arrearsLimitMonths: number;
  /** How many due months back an open one still makes a payer RESUMED. */
  readonly resumedWindowMonths: number;
}

export const PERSISTENCY_RULE: PersistencyRule = { arrearsLimitMonths: 3, resumedWindowMonths: 6 };

/** A month that is paid for, and when: paid after its end, it stood open in between. */
export interface CoveredMonth {
  /** `yyyy-mm`, each at most once. */
  readonly period: string;
  /** `yyyy-mm-dd`. */
  readonly paidOn: string;
}

export interface Standing {
  /** `yyyy-mm-dd`. */
  readonly enrolledOn: string;
  /** In any order; months not due yet are months paid ahead. */
  readonly covered: readonly CoveredMonth[];
  /** `yyyy-mm-dd`, the last program day that is closed. */
  readonly closedDay: string;
}

export function classify(
  { enrolledOn, covered, closedDay }: Standing,
  rule: PersistencyRule = PERSISTENCY_RULE,
): PersistencyClass {
  const first = monthNumber(enrolledOn);
  const latestDue = latestDueMonth(closedDay);
  if (latestDue <= first) return 'TOO_NEW';

  const paidOn = new Map(covered.map((month) => [monthNumber(month.period), month.paidOn]));
  const open = openMonths(paidOn, first, latestDue);
  if (open > rule.arrearsLimitMonths) return 'LAPSED';
  if (open > 0) return paidOn.size <= 1 ? 'STOPPED' : 'IN_ARREARS';

  const windowStart = Math.max(first, latestDue - rule.resumedWindowMonths + 1);
  for (let month = windowStart; month <= latestDue; month++) {
    if (stoodOpen(paidOn, month)) return 'RESUMED';
  }
  return 'PAYING';
}

/** Whether closing this day (`yyyy-mm-dd`) makes a month due: on all other days no class can change. */
export function isMonthEnd(day: string): boolean {
  return lastDayOf(monthNumber(day)) === day;
}

/** The newest month that has ended once `closedDay` is closed. */
function latestDueMonth(closedDay: string): MonthNumber {
  const month = monthNumber(closedDay);
  return isMonthEnd(closedDay) ? month : month - 1;
}

function openMonths(
  paidOn: ReadonlyMap<MonthNumber, string>,
  first: MonthNumber,
  latestDue: MonthNumber,
): number {
  let month = latestDue;
  while (month >= first && !paidOn.has(month)) month--;
  return latestDue - month;
}

/** Whether the month ended unpaid, be it paid later or never. */
function stoodOpen(paidOn: ReadonlyMap<MonthNumber, string>, month: MonthNumber): boolean {
  const day = paidOn.get(month);
  return day === undefined || day > lastDayOf(month);
}
