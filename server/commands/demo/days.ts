const DAY_MS = 86_400_000;

/** From one day `yyyy-mm-dd` to another. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}

/** Of a day `yyyy-mm-dd`; 0 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(day).getUTCDay();
}
