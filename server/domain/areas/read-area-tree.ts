import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { invariant } from '#server/base/invariant.ts';
import { type AreaLevel, neighborhoodCode } from './area-code.ts';
import { toRoman } from './roman.ts';

/** An area as a program begins with it. */
export interface AreaSeed {
  readonly code: string;
  /** The statistics bureau's code, of another system than `code`. */
  readonly bpsCode: string | null;
  readonly level: AreaLevel;
  readonly name: string;
  readonly shortName: string;
  readonly abbreviation: string | null;
  /** A neighborhood's number in its village, 1-based. */
  readonly number: number | null;
  readonly parentCode: string | null;
  /** True for neighborhoods: which village has how many of them is not published. */
  readonly isSimulated: boolean;
}

const DATA = new URL('../../../prisma/data/', import.meta.url);
const CITY: AreaSeed = {
  code: '12.71',
  bpsCode: '1275',
  level: 'CITY',
  name: 'Kota Medan',
  shortName: 'Medan',
  abbreviation: null,
  number: null,
  parentCode: null,
  isSimulated: false,
};
/** How many there are in the city. The figures are confirmed; a file that disagrees is wrong. */
const CONFIRMED: readonly (readonly [AreaLevel, number])[] = [
  ['CITY', 1],
  ['DISTRICT', 21],
  ['VILLAGE', 151],
  ['NEIGHBORHOOD', 2001],
];

/**
 * Kota Medan and every area in it, parents before their children, each level in the order of its codes.
 * Reads `prisma/data/`; throws BrokenInvariant where the files contradict each other or the confirmed figures.
 */
export function readAreaTree(): readonly AreaSeed[] {
  const districtRows = readRows('medan-districts.csv');
  const villageRows = readRows('medan-villages.csv');

  const districts = districtRows.map(
    (row): AreaSeed => ({
      ...CITY,
      code: field(row, 'kemendagri_code'),
      bpsCode: field(row, 'bps_code'),
      level: 'DISTRICT',
      name: field(row, 'name'),
      shortName: field(row, 'short_name'),
      abbreviation: field(row, 'abbreviation'),
      parentCode: CITY.code,
    }),
  );
  const villages = villageRows.map(
    (row): AreaSeed => ({
      ...CITY,
      code: field(row, 'kemendagri_code'),
      bpsCode: null,
      level: 'VILLAGE',
      name: field(row, 'name'),
      shortName: field(row, 'name'),
      parentCode: field(row, 'district_code'),
    }),
  );
  const neighborhoods = villageRows.flatMap((row) =>
    Array.from({ length: count(row, 'neighborhoods') }, (_, index) =>
      neighborhood(field(row, 'kemendagri_code'), index + 1),
    ),
  );

  for (const row of districtRows) {
    const own = villageRows.filter((village) => village.district_code === row.kemendagri_code);
    const split = own.reduce((sum, village) => sum + count(village, 'neighborhoods'), 0);
    invariant(
      own.length === count(row, 'villages') && split === count(row, 'neighborhoods'),
      `${row.name} has ${row.villages} villages and ${row.neighborhoods} neighborhoods, not ${own.length} and ${split}`,
    );
  }
  const tree = [CITY, ...districts, ...villages, ...neighborhoods];
  for (const [level, expected] of CONFIRMED) {
    const found = tree.filter((area) => area.level === level).length;
    invariant(found === expected, `${expected} areas of level ${level}, not ${found}`);
  }
  invariant(new Set(tree.map((area) => area.code)).size === tree.length, 'each area code once');
  return tree;
}

function neighborhood(villageCode: string, number: number): AreaSeed {
  return {
    code: neighborhoodCode(villageCode, number),
    bpsCode: null,
    level: 'NEIGHBORHOOD',
    name: `Lingkungan ${toRoman(number)}`,
    shortName: `Ling. ${toRoman(number)}`,
    abbreviation: null,
    number,
    parentCode: villageCode,
    isSimulated: true,
  };
}

type Row = Readonly<Record<string, string>>;

function readRows(file: string): readonly Row[] {
  return parse(readFileSync(new URL(file, DATA)), { columns: true, comment: '#', trim: true });
}

function field(row: Row, column: string): string {
  const text = row[column];
  invariant(text, `a value in column ${column}`);
  return text;
}

function count(row: Row, column: string): number {
  const number = Number(field(row, column));
  invariant(Number.isInteger(number) && number > 0, `a whole number above 0 in column ${column}`);
  return number;
}
