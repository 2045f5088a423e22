import { parse } from 'csv-parse/sync';
import { invariant } from '#server/base/invariant.ts';

/** The values of rows that were cut whole, each trimmed, an apostrophe that only marks text taken off. */
export function readCells(rows: readonly string[], delimiter: string): readonly (readonly string[])[] {
  const records: string[][] = parse(rows.join('\n'), {
    delimiter,
    record_delimiter: '\n',
    relax_quotes: true,
    relax_column_count: true,
  });
  invariant(records.length === rows.length, 'a row that was cut whole is one record');
  return records.map((cells) => cells.map(tidyCell));
}

/** What a spreadsheet takes for a formula, in either width. */
const FORMULA = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/;
const TEXT_MARK = /^'(?=[\d=+\-@\uff1d\uff0b\uff0d\uff20])/;

/** Quotes with a space before them, as in `a, "b"`. */
const QUOTED_LATE = /^"([^"]*)"$/;

function tidyCell(cell: string): string {
  return cell.trim().replace(QUOTED_LATE, '$1').replace(TEXT_MARK, '').trim();
}

/** A cell of a report: quoted, and never a formula to whatever opens it. `readCells` gives the value back. */
export function writeCell(value: string): string {
  const text = value.trim();
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

const DAY_FIRST = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T]00:00(?::00)?)?$/;
const YEAR_FIRST = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?$/;

/** `yyyy-mm-dd` of a day written so or as dd/mm/yyyy; anything else as it stands, for the rules to refuse. Null: empty. */
export function readDay(cell: string): string | null {
  if (cell === '') return null;
  const [, day, month, year] = DAY_FIRST.exec(cell) ?? [];
  if (day && month && year) return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const [, fullYear, numberedMonth, numberedDay] = YEAR_FIRST.exec(cell) ?? [];
  if (!fullYear || !numberedMonth || !numberedDay) return cell;
  return `${fullYear}-${numberedMonth.padStart(2, '0')}-${numberedDay.padStart(2, '0')}`;
}

const SCIENTIFIC = /^\d([.,]\d+)?e\+?\d{1,2}$/i;

/** Whether a spreadsheet has made a number of a NIK, as in 1.27101E+15: its last digits are gone. */
export function isSpreadsheetNumber(cell: string): boolean {
  return SCIENTIFIC.test(cell.replaceAll(' ', ''));
}

const SURELY_NO_CHANCE = 20;

/**
 * Whether NIKs went through a spreadsheet as numbers: it keeps 15 digits and ends every one in 0. Twenty different
 * ones by chance are not to be expected in the life of the program.
 */
export function areRounded(niks: readonly string[]): boolean {
  const whole = new Set(niks.filter((nik) => /^\d{16}$/.test(nik)));
  return whole.size >= SURELY_NO_CHANCE && [...whole].every((nik) => nik.endsWith('0'));
}
