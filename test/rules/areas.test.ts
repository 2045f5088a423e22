import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeVillages } from '#prisma/data/make-villages.ts';
import {
  districtCodeOf,
  isWithin,
  levelOfCode,
  neighborhoodCode,
  parentCodeOf,
  parseAreaCode,
} from '#server/domain/areas/area-code.ts';
import { readAreaTree } from '#server/domain/areas/read-area-tree.ts';
import { fromRoman, toRoman } from '#server/domain/areas/roman.ts';

const tree = readAreaTree();
const byCode = new Map(tree.map((area) => [area.code, area]));
const anyArea = fc.constantFrom(...tree);

describe('the tree of areas', () => {
  it('[ARE-1] holds one city, 21 districts, 151 villages and 2,001 neighborhoods, each code once', () => {
    const count = (level: string) => tree.filter((area) => area.level === level).length;
    expect(['CITY', 'DISTRICT', 'VILLAGE', 'NEIGHBORHOOD'].map(count)).toEqual([1, 21, 151, 2001]);
    expect(byCode.size).toBe(tree.length);
  });

  it('[ARE-1] names parents before their children, and each code says its level and its parent', () => {
    const seen = new Set<string>();
    for (const area of tree) {
      expect(levelOfCode(area.code)).toBe(area.level);
      expect(parentCodeOf(area.code)).toBe(area.parentCode);
      expect(area.parentCode === null || seen.has(area.parentCode)).toBe(true);
      seen.add(area.code);
    }
  });

  it('[ARE-1] keeps both code systems apart', () => {
    expect(byCode.get('12.71')).toMatchObject({ name: 'Kota Medan', bpsCode: '1275' });
    expect(byCode.get('12.71.14')).toMatchObject({
      name: 'Medan Tembung',
      shortName: 'Tembung',
      bpsCode: '1275170',
    });
    expect(byCode.has('1275170')).toBe(false);
  });

  it('[ARE-2] numbers neighborhoods from 1 in each village, in Roman numerals by name, and marks them as simulated', () => {
    expect(byCode.get('12.71.03.1006-011')).toEqual({
      code: '12.71.03.1006-011',
      bpsCode: null,
      level: 'NEIGHBORHOOD',
      name: 'Lingkungan XI',
      shortName: 'Ling. XI',
      abbreviation: null,
      number: 11,
      parentCode: '12.71.03.1006',
      isSimulated: true,
    });
    for (const village of tree.filter((area) => area.level === 'VILLAGE')) {
      const numbers = tree.filter((area) => area.parentCode === village.code).map((area) => area.number);
      expect(numbers.length).toBeGreaterThan(1);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    }
    expect(tree.every((area) => area.isSimulated === (area.level === 'NEIGHBORHOOD'))).toBe(true);
  });

  it('[ARE-3] reads a file of villages that its sources still make, with no name misprinted', () => {
    const file = readFileSync(new URL('../../prisma/data/medan-villages.csv', import.meta.url), 'utf8');
    expect(file).toBe(makeVillages());
    for (const { name } of tree) expect(name).toMatch(/^[A-Z][a-z]*( ([A-Z][a-z]+|[IVXLC]+|[A-D]))*$/);
  });
});

describe('an area code', () => {
  it('[ARE-4] is read with its number padded or not, or in Roman numerals', () => {
    for (const text of [
      '12.71.14.1001-7',
      '12.71.14.1001-07',
      ' 12.71.14.1001 - VII ',
      '12.71.14.1001-vii',
    ]) {
      expect(parseAreaCode(text)).toBe('12.71.14.1001-007');
    }
    for (const { code } of tree) expect(parseAreaCode(code)).toBe(code);
  });

  it('[ARE-4] gives its number back in digits and in Roman numerals alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), (number) => {
        const code = neighborhoodCode('12.71.14.1001', number);
        expect(parseAreaCode(`12.71.14.1001-${number}`)).toBe(code);
        expect(parseAreaCode(`12.71.14.1001-${toRoman(number)}`)).toBe(code);
      }),
    );
  });

  it('[ARE-5] is nothing else: no other code system, no part of a code, no number 0', () => {
    const others = ['', '12', '12.7', '12.71.', '12.71.1', '1271', '1275170', '1271141001', '12.71.14.101'];
    const numbers = [
      '12.71.14.1001-',
      '12.71.14.1001-0',
      '12.71.14.1001-000',
      '12.71.14.1001-1000',
      '12.71.14-007',
    ];
    const numerals = ['12.71.14.1001-IIII', '12.71.14.1001-VX', '12.71.14.1001-M', '12.71.14.1001-7a'];
    for (const text of [...others, ...numbers, ...numerals])
      expect([text, parseAreaCode(text)]).toEqual([text, null]);
  });

  it('[ARE-6] lies within itself and every area above, and within no other', () => {
    fc.assert(
      fc.property(anyArea, anyArea, (area, other) => {
        const above = new Set<string | null>();
        for (let at: string | null = area.code; at !== null; at = byCode.get(at)?.parentCode ?? null)
          above.add(at);
        expect(isWithin(area.code, other.code)).toBe(above.has(other.code));
        for (const code of above) if (code !== null) expect(isWithin(area.code, code)).toBe(true);
      }),
    );
  });

  it('[ARE-6] does not lie in an area whose code merely begins alike', () => {
    expect(isWithin('12.71.14', '12.71.1')).toBe(false);
    expect(isWithin('12.71.14.1001-010', '12.71.14.1001-01')).toBe(false);
    expect(isWithin('12.71.14.1001', '12')).toBe(false);
    expect(isWithin('12.71.14.1001-007', '')).toBe(false);
    expect(isWithin('12.71', '12.71.14')).toBe(false);
    expect(isWithin('12.71.14.1001-007', '12.71.14.1001')).toBe(true);
    expect(districtCodeOf('12.71.14.1001-007')).toBe('12.71.14');
  });

  it('[ARE-7] has Roman numerals that stand for one number only, in their usual form', () => {
    const known: readonly (readonly [number, string])[] = [
      [1, 'I'],
      [4, 'IV'],
      [9, 'IX'],
      [14, 'XIV'],
      [49, 'XLIX'],
      [1994, 'MCMXCIV'],
      [3999, 'MMMCMXCIX'],
    ];
    for (const [number, text] of known) expect(toRoman(number)).toBe(text);
    for (let number = 1; number <= 3999; number++) expect(fromRoman(toRoman(number))).toBe(number);
    for (const text of ['', 'IIII', 'VV', 'IC', 'IIX', 'MMMM', 'ABC', '7'])
      expect(fromRoman(text)).toBeNull();
    for (const number of [0, -1, 1.5, 4000]) expect(() => toRoman(number)).toThrow();
  });
});
