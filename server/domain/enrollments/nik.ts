import { isDay } from '#server/base/day.ts';

/**
 * The national identity number: 16 digits that say the area of first registration, the day of birth (DDMMYY, 40
 * added to the day for women) and a serial from 0001. It has no check digit and never changes, not even where it
 * disagrees with the true birth date: so a wrong form is refused, and everything else is only a warning.
 *
 * Nothing here keeps, logs or names a number. Whether somebody is already enrolled is the ledger's question.
 */
export type NikProblem = 'NOT_DIGITS' | 'LENGTH' | 'DAY' | 'MONTH' | 'SERIAL' | 'SIMULATED_NOT_ALLOWED';
export type NikCheck = { readonly nik: string } | { readonly problem: NikProblem; readonly digits: number };
export type NikWarning =
  | 'UNKNOWN_PROVINCE'
  | 'IMPOSSIBLE_DATE'
  | 'IMPLAUSIBLE_AGE'
  | 'BIRTH_DATE_DIFFERS'
  | 'SEX_DIFFERS';
export type Sex = 'FEMALE' | 'MALE';

interface NikWarningsInput {
  /** `yyyy-mm-dd`, the day the age is taken on. */
  readonly on: string;
  /** What the row says besides, where it does. */
  readonly birthDate?: string | null;
  readonly sex?: Sex | null;
}

/** No province has this number and none will: people with it are made up. */
export const SIMULATED_PROVINCE = '99';
const PROVINCES = new Set(
  (
    '11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82 ' +
    '91 92 93 94 95 96'
  ).split(' '),
);
const FEMALE_DAY_OFFSET = 40;
const PLAUSIBLE_WORKER_AGE = { lowest: 15, highest: 80 };

/**
 * The 16 digits of what somebody typed or pasted, or the first thing wrong with it and how many digits it has.
 * Spaces and dots between the digits are let pass, full-width digits are read as digits.
 */
export function checkNik(text: string, { allowSimulated }: { readonly allowSimulated: boolean }): NikCheck {
  const nik = toPlainDigits(text);
  const problem = findProblem(nik, allowSimulated);
  return problem ? { problem, digits: nik.replace(/\D/g, '').length } : { nik };
}

function findProblem(nik: string, allowSimulated: boolean): NikProblem | null {
  if (/\D/.test(nik)) return 'NOT_DIGITS';
  if (nik.length !== 16) return 'LENGTH';
  const { day, month, serial } = partsOf(nik);
  if (day < 1 || day > 31) return 'DAY';
  if (month < 1 || month > 12) return 'MONTH';
  if (serial === 0) return 'SERIAL';
  return isSimulatedNik(nik) && !allowSimulated ? 'SIMULATED_NOT_ALLOWED' : null;
}

export function isSimulatedNik(nik: string): boolean {
  return nik.startsWith(SIMULATED_PROVINCE);
}

/** What looks odd about a NIK that `checkNik` passed, in a fixed order; never a reason to refuse it. */
export function nikWarnings(nik: string, { on, birthDate, sex }: NikWarningsInput): readonly NikWarning[] {
  const parts = partsOf(nik);
  const warnings: NikWarning[] = [];
  if (!PROVINCES.has(parts.province) && !isSimulatedNik(nik)) warnings.push('UNKNOWN_PROVINCE');

  const born = dayOfBirth(parts, on);
  if (!isDay(born)) warnings.push('IMPOSSIBLE_DATE');
  else {
    const age = ageOn(on, born);
    const { lowest, highest } = PLAUSIBLE_WORKER_AGE;
    if (age < lowest || age > highest) warnings.push('IMPLAUSIBLE_AGE');
  }
  // Both have two digits for the year in common, no more: the NIK does not say the century.
  if (birthDate && birthDate.slice(2) !== born.slice(2)) warnings.push('BIRTH_DATE_DIFFERS');
  if (sex && sex !== parts.sex) warnings.push('SEX_DIFFERS');
  return warnings;
}

/** `************0001`: what may be shown of a NIK. */
export function maskNik(nik: string): string {
  return nik.slice(-4).padStart(nik.length, '*');
}

interface NikParts {
  readonly province: string;
  /** Day of the month; outside 1 to 31 where the digits stand for no day. */
  readonly day: number;
  readonly month: number;
  readonly twoDigitYear: number;
  readonly sex: Sex;
  readonly serial: number;
}

function partsOf(nik: string): NikParts {
  const writtenDay = Number(nik.slice(6, 8));
  const isFemale = writtenDay > FEMALE_DAY_OFFSET;
  return {
    province: nik.slice(0, 2),
    day: isFemale ? writtenDay - FEMALE_DAY_OFFSET : writtenDay,
    month: Number(nik.slice(8, 10)),
    twoDigitYear: Number(nik.slice(10, 12)),
    sex: isFemale ? 'FEMALE' : 'MALE',
    serial: Number(nik.slice(12)),
  };
}

/** `yyyy-mm-dd` in the latest century that does not put the birth after `on`; need not be a day that exists. */
function dayOfBirth({ day, month, twoDigitYear }: NikParts, on: string): string {
  const century = Math.floor(Number(on.slice(0, 4)) / 100) * 100;
  const inThisCentury = writeDate(century + twoDigitYear, month, day);
  return inThisCentury <= on ? inThisCentury : writeDate(century - 100 + twoDigitYear, month, day);
}

function writeDate(year: number, month: number, day: number): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function ageOn(on: string, born: string): number {
  const years = Number(on.slice(0, 4)) - Number(born.slice(0, 4));
  return on.slice(5) < born.slice(5) ? years - 1 : years;
}

const FULL_WIDTH_ZERO = 0xff10;

function toPlainDigits(text: string): string {
  return text
    .replace(/[\s.]/g, '')
    .replace(/[\uff10-\uff19]/g, (digit) => String(digit.charCodeAt(0) - FULL_WIDTH_ZERO));
}
