/** A calendar day as people here write it, `29/10/2025`, and back; whatever the browser's own language. */

/** `yyyy-mm-dd` as `dd/mm/yyyy`. */
export function writtenDay(day: string): string {
  return day.split('-').reverse().join('/');
}

/** The day that was typed, `yyyy-mm-dd`; null while it is not a whole one, or not one of the calendar. */
export function typedDay(text: string): string | null {
  const [, date = '', month = '', year = ''] = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/.exec(text) ?? [];
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day ? null : day;
}
