import { addDays } from '#server/base/day.ts';
import type { Grain } from './metric-query.ts';

/** A stretch of days. The last of an answer may still be running: its end is then the present. */
export interface Period {
  /** First day, clipped to the question's. */
  readonly from: string;
  readonly to: string;
}

/** Splits days into days, weeks (from Monday) or months; without a grain they are one period. All days included. */
export function splitIntoPeriods(from: string, to: string, grain: Grain | null): readonly Period[] {
  if (grain === null) return [{ from, to }];
  const periods: Period[] = [];
  for (let start = from; start <= to; ) {
    const end = endOf(start, grain);
    periods.push({ from: start, to: end < to ? end : to });
    start = addDays(end, 1);
  }
  return periods;
}

function endOf(day: string, grain: Grain): string {
  if (grain === 'DAY') return day;
  if (grain === 'WEEK') {
    const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
    return addDays(day, 6 - weekday);
  }
  const [year = 0, month = 0] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
