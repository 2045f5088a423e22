import { fromRoman } from './roman.ts';

/**
 * Area codes are the Home Ministry's (Kemendagri), with ours below the village:
 * `12.71` city, `12.71.14` district, `12.71.14.1001` village, `12.71.14.1001-007` neighborhood 7 of that village.
 * They are keys and compared as they stand. The statistics bureau's codes (BPS) are another system: never taken here.
 */
export type AreaLevel = 'CITY' | 'DISTRICT' | 'VILLAGE' | 'NEIGHBORHOOD';

const HIGHEST_NEIGHBORHOOD_NUMBER = 999;

const SHAPES: readonly (readonly [AreaLevel, RegExp])[] = [
  ['CITY', /^\d{2}\.\d{2}$/],
  ['DISTRICT', /^\d{2}\.\d{2}\.\d{2}$/],
  ['VILLAGE', /^\d{2}\.\d{2}\.\d{2}\.\d{4}$/],
  ['NEIGHBORHOOD', /^\d{2}\.\d{2}\.\d{2}\.\d{4}-(?!000)\d{3}$/],
];
const WRITTEN_NEIGHBORHOOD = /^([\d.]+)\s*-\s*(?:(\d{1,3})|([ivxlcdm]+))$/i;

/**
 * The code as it is kept, or null where `text` is none. A neighborhood's number may be written `-7`, `-007` or, as
 * on the signs in the street, `-VII`. Says nothing about whether the area exists.
 */
export function parseAreaCode(text: string): string | null {
  const written = text.trim();
  const [, village, digits, numerals] = WRITTEN_NEIGHBORHOOD.exec(written) ?? [];
  if (village === undefined) return levelOfCode(written) ? written : null;
  const number = digits === undefined ? fromRoman(numerals ?? '') : Number(digits);
  if (number === null || number > HIGHEST_NEIGHBORHOOD_NUMBER) return null;
  const code = neighborhoodCode(village, number);
  return levelOfCode(code) ? code : null;
}

/** `12.71.14.1001`, 7 -> `12.71.14.1001-007`. */
export function neighborhoodCode(villageCode: string, number: number): string {
  return `${villageCode}-${String(number).padStart(3, '0')}`;
}

/** Null where `code` is not a code as it is kept. */
export function levelOfCode(code: string): AreaLevel | null {
  return SHAPES.find(([, shape]) => shape.test(code))?.[0] ?? null;
}

/** The code of the area one level up, null for a city. */
export function parentCodeOf(code: string): string | null {
  const end = code.includes('-') ? code.lastIndexOf('-') : code.lastIndexOf('.');
  const parent = code.slice(0, Math.max(end, 0));
  return levelOfCode(parent) ? parent : null;
}

/** The district that a district, village or neighborhood lies in. */
export function districtCodeOf(code: string): string {
  return code.split('.').slice(0, 3).join('.');
}

/** Whether the area `code` is `areaCode` or lies in it. Both as they are kept. */
export function isWithin(code: string, areaCode: string): boolean {
  if (!code.startsWith(areaCode)) return false;
  const next = code.charAt(areaCode.length);
  return next === '' || ((next === '.' || next === '-') && levelOfCode(areaCode) !== null);
}
