import { invariant } from '#server/base/invariant.ts';

const NUMERALS: readonly (readonly [number, string])[] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

const HIGHEST = 3999;

/** A whole number of 1 to 3,999 in Roman numerals, as neighborhoods are numbered on every sign. Throws outside. */
export function toRoman(number: number): string {
  invariant(
    Number.isInteger(number) && number >= 1 && number <= HIGHEST,
    `a whole number of 1 to ${HIGHEST}`,
  );
  let rest = number;
  let text = '';
  for (const [value, numeral] of NUMERALS) {
    while (rest >= value) {
      text += numeral;
      rest -= value;
    }
  }
  return text;
}

/** The number of a Roman numeral in either case, null where `text` is none in its usual form (so not `IIII`). */
export function fromRoman(text: string): number | null {
  let rest = text.toUpperCase();
  let number = 0;
  for (const [value, numeral] of NUMERALS) {
    while (rest.startsWith(numeral)) {
      number += value;
      rest = rest.slice(numeral.length);
    }
  }
  const isUsualForm =
    rest === '' && number >= 1 && number <= HIGHEST && toRoman(number) === text.toUpperCase();
  return isUsualForm ? number : null;
}
