/**
 * Makes `medan-villages.csv`: the 151 villages of Kota Medan by code and name from the package `idn-area-data`,
 * with each district's neighborhoods (from `medan-districts.csv`) split over its villages.
 *
 * The split is made up, because none is published. It is the same on every machine, and a test makes the file
 * again and compares. Run it only when a source changes:
 *
 *   node --import tsx/esm prisma/data/make-villages.ts
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { apportion } from '#server/commands/demo/apportion.ts';

/** Misprints and cut-off words, each mended after the village's own neighbors on the list. Other spellings stay. */
const MENDED: Readonly<Record<string, string>> = {
  '12.71.01.1006': 'Kota Matsum III',
  '12.71.01.1010': 'Sudirejo I',
  '12.71.04.1001': 'Tegal Sari Mandala I',
  '12.71.04.1002': 'Tegal Sari Mandala II',
  '12.71.04.1003': 'Tegal Sari Mandala III',
  '12.71.06.1003': 'Tanjung Mulia',
  '12.71.10.1004': 'Sei Rengas Permata',
  '12.71.15.1001': 'Aur',
  '12.71.15.1003': 'Jati',
  '12.71.20.1006': 'Pulo Berayan Darat I',
  '12.71.20.1007': 'Pulo Berayan Darat II',
  '12.71.20.1008': 'Pulo Berayan Bengkel',
  '12.71.20.1009': 'Pulo Berayan Bengkel Baru',
  '12.71.21.1003': 'Padang Bulan Selayang II',
  '12.71.21.1005': 'Padang Bulan Selayang I',
};

const HEADER = [
  '# Codes and names: idn-area-data 3.1.2, under the Open Database License (ODbL); this file is under it too.',
  '# neighborhoods: MADE UP. Only the total of 2,001 in the city is published; see README.md in this folder.',
  '# source_name: how the source writes a name that is mended here; an import may take it as an alias.',
  'kemendagri_code,name,district_code,neighborhoods,source_name',
];

/** The whole file as text. Throws when a district's villages are not as many as `medan-districts.csv` says. */
export function makeVillages(): string {
  const villages = rows(createRequire(import.meta.url).resolve('idn-area-data/data/villages.csv'));
  const districts = rows(fileURLToPath(new URL('./medan-districts.csv', import.meta.url)));
  const lines = districts.flatMap(([district = '', , , , , count, neighborhoods]) => {
    const own = villages.filter(([, districtCode]) => districtCode === district);
    if (own.length !== Number(count))
      throw new Error(`${district}: ${own.length} villages, expected ${count}`);
    const shares = apportion(
      Number(neighborhoods),
      own.map(([village = '']) => madeUpSize(village)),
    );
    return own.map(([village = '', , sourceName = ''], index) => {
      const name = MENDED[village] ?? sourceName;
      return [village, name, district, shares[index], name === sourceName ? '' : sourceName].join(',');
    });
  });
  return `${[...HEADER, ...lines].join('\n')}\n`;
}

/** The fields of a file's lines without its heading. Neither source quotes a field. */
function rows(path: string): string[][] {
  const [, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  return lines.map((line) => line.split(','));
}

/** 70 to 130, hanging on the village's code alone. */
function madeUpSize(code: string): number {
  return 70 + (createHash('sha256').update(code).digest().readUInt32BE() % 61);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('./medan-villages.csv', import.meta.url), makeVillages());
}
