/**
 * A calendar month as text (`yyyy-mm`) in the API, in files and in the ledger; as a whole number here, so that the
 * next month is one more and months can be counted by subtraction.
 */
export type MonthNumber = number;

/** Of `yyyy-mm` or of a day `yyyy-mm-dd`. */
export function monthNumber(monthOrDay: string): MonthNumber {
  return Number(monthOrDay.slice(0, 4)) * 12 + Number(monthOrDay.slice(5, 7)) - 1;
}

/** `yyyy-mm`. */
export function monthText(month: MonthNumber): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
}

/** `yyyy-mm-dd`, leap years minded. */
export function lastDayOf(month: MonthNumber): string {
  const days = new Date(Date.UTC(Math.floor(month / 12), (month % 12) + 1, 0)).getUTCDate();
  return `${monthText(month)}-${days}`;
}
