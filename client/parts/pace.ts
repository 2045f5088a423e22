/**
 * How fast an area has been enrolling, from what stood at the end of past days and what stands now. "Seven days" are
 * today and the six before it; all days are the program's, in western Indonesia.
 */
const dayMs = 86_400_000;
const westernIndonesiaMs = 7 * 3_600_000;
const weekDays = 7;
/** How far back the line begins. */
const lineDays = 49;

/** The program day (`yyyy-mm-dd`) of a moment. */
export function dayOf(moment: string): string {
  return new Date(Date.parse(moment) + westernIndonesiaMs).toISOString().slice(0, 10);
}

export function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** The closed days that a line which ends today is made from. */
export function closingsWanted(today: string): { readonly from: string; readonly to: string } {
  return { from: shiftDay(today, -lineDays - weekDays), to: shiftDay(today, -1) };
}

/** Enrolled at the end of past days, by area and day. */
export type Closings = ReadonlyMap<string, ReadonlyMap<string, number>>;

interface ClosingRow {
  readonly area: { readonly code: string } | null;
  readonly period: string | null;
  readonly values: readonly (number | null)[];
}

/** `whole` is the code of those rows that are of no part. */
export function closingsOf(rows: readonly ClosingRow[], whole: string): Closings {
  const areas = new Map<string, Map<string, number>>();
  for (const { area, period, values } of rows) {
    const [enrolled] = values;
    if (period === null || typeof enrolled !== 'number') continue;
    const code = area?.code ?? whole;
    const days = areas.get(code) ?? new Map<string, number>();
    areas.set(code, days.set(period, enrolled));
  }
  return areas;
}

export interface Pace {
  /** What enrolled grew by in the last seven days, up to this moment. */
  readonly sevenDays: number;
  /** The same for each day of the last eight weeks, oldest first; the last is `sevenDays`. */
  readonly line: readonly number[];
}

/**
 * Null while the past of this area is not known. A day before the first one known was before the program began: then
 * nobody was enrolled.
 */
export function paceOf(closings: Closings, code: string, enrolled: number, today: string): Pace | null {
  const days = closings.get(code);
  if (days === undefined) return null;
  const at = (day: string) => (day === today ? enrolled : (days.get(day) ?? 0));
  const line: number[] = [];
  for (let back = lineDays; back >= 0; back--) {
    const day = shiftDay(today, -back);
    line.push(at(day) - at(shiftDay(day, -weekDays)));
  }
  return { sevenDays: line.at(-1) ?? 0, line };
}
