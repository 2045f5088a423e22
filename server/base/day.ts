/** Asia/Jakarta keeps no daylight saving: a day there is a day of UTC, seven hours earlier. */
const JAKARTA_OFFSET_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000;

/** The calendar day in Jakarta, `yyyy-mm-dd`, of a moment in milliseconds. */
export function jakartaDay(ms: number): string {
  return new Date(ms + JAKARTA_OFFSET_MS).toISOString().slice(0, 10);
}

/** The moment, in milliseconds, at which a Jakarta day begins, plus hours and minutes of that day. */
export function jakartaTime(day: string, hours = 0, minutes = 0): number {
  return Date.parse(`${day}T00:00:00Z`) - JAKARTA_OFFSET_MS + (hours * 60 + minutes) * 60_000;
}

/** `days` later (or earlier, negative). */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** True for a real calendar day written `yyyy-mm-dd`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}
