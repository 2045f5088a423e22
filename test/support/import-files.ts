import fc from 'fast-check';
import { type ImportCount, type ImportWork, importFile } from '#server/domain/imports/import-file.ts';
import { type FileProblem, isFileProblem } from '#server/domain/imports/problems.ts';
import { BPJS, NEIGHBORHOODS, nik, type SmallProgram } from './small-program.ts';

export const ENROLLMENT_HEADINGS = [
  'kode_lingkungan',
  'nik',
  'nama',
  'tanggal_lahir',
  'pekerjaan',
  'no_hp',
  'tanggal_daftar',
] as const;

export type ImportRow = Readonly<Record<(typeof ENROLLMENT_HEADINGS)[number], string>>;

/** A row that is right; `number` tells people apart. */
export function importRow(number: number, changes: Partial<ImportRow> = {}): ImportRow {
  return {
    kode_lingkungan: NEIGHBORHOODS[number % NEIGHBORHOODS.length] as string,
    nik: nik(number),
    nama: `Orang Buatan ${number}`,
    tanggal_lahir: '1990-01-01',
    pekerjaan: 'penjahit',
    no_hp: '081200000000',
    tanggal_daftar: '2025-10-20',
    ...changes,
  };
}

export function lineOf(row: ImportRow, delimiter = ','): string {
  return ENROLLMENT_HEADINGS.map((heading) => row[heading]).join(delimiter);
}

/** An enrollment file, comma and LF. */
export function csvOf(rows: readonly ImportRow[]): string {
  return `${[ENROLLMENT_HEADINGS.join(','), ...rows.map((row) => lineOf(row))].join('\n')}\n`;
}

export function rightRows(count: number, first = 0): readonly ImportRow[] {
  return Array.from({ length: count }, (_, index) => importRow(first + index));
}

/** `bytes` as a disk or a line would give it: in pieces that mind neither rows nor letters. */
export async function* inPieces(bytes: Uint8Array, size = 4_093): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export interface Taken {
  readonly count: ImportCount;
  readonly report: string;
}

/** Takes a file in, by BPJS unless said otherwise; gives the report as text. */
export async function takeFile(
  { intake }: Pick<SmallProgram, 'intake'>,
  content: string | Uint8Array,
  changes: Partial<ImportWork> = {},
): Promise<Taken | FileProblem> {
  const bytes = Buffer.from(content);
  let report = '';
  const count = await importFile({
    intake,
    actor: BPJS,
    trial: null,
    open: () => inPieces(bytes),
    rowsMax: 200_000,
    report: {
      write: async (text) => {
        report += text;
      },
    },
    ...changes,
  });
  return isFileProblem(count) ? count : { count, report };
}

/** As `takeFile`, of a file that can be read. */
export async function takeIn(...args: Parameters<typeof takeFile>): Promise<Taken> {
  const taken = await takeFile(...args);
  if (isFileProblem(taken)) throw new Error(`the file was refused: ${taken.problem} ${taken.detail}`);
  return taken;
}

export interface Books {
  readonly revision: number;
  readonly people: number;
  readonly enrolled: number;
  readonly pending: number;
  readonly contributions: number;
  readonly notes: number;
}

/** Everything an import may leave behind, counted. */
export async function readBooks(program: SmallProgram): Promise<Books> {
  const { rows } = await program.admin.query<Books>(
    `SELECT (SELECT revision FROM ledger_heads), (SELECT count(*)::int FROM participants) AS people,
            (SELECT sum(enrolled)::int FROM neighborhood_sums) AS enrolled,
            (SELECT sum(pending)::int FROM neighborhood_sums) AS pending,
            (SELECT count(*)::int FROM contributions) AS contributions,
            (SELECT count(*)::int FROM audit_log) AS notes`,
  );
  return rows[0] as Books;
}

/** A report's rows after its headings: line and English reason. */
export function reasonsIn(report: string): readonly [number, string][] {
  return report
    .split('\r\n')
    .slice(1, -1)
    .map((line) => {
      const [, number, reason] = /"(\d+)"[,;\t]"[^"]*"[,;\t]"([^"]*)"$/.exec(line) ?? [];
      return [Number(number), reason ?? ''];
    });
}

/** The rows as a file, written as somebody's program would. */
export interface Hand {
  readonly delimiter: string;
  readonly lineEnd: string;
  readonly encoding: 'utf8' | 'latin1';
  readonly hasMark: boolean;
  readonly isQuoted: boolean;
  readonly isDayFirst: boolean;
  readonly pieceBytes: number;
}

export const anyHand: fc.Arbitrary<Hand> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  encoding: fc.constantFrom<'utf8' | 'latin1'>('utf8', 'latin1'),
  hasMark: fc.boolean(),
  isQuoted: fc.boolean(),
  isDayFirst: fc.boolean(),
  pieceBytes: fc.integer({ min: 1, max: 900 }),
});

export function writeAs(lines: readonly (ImportRow | string)[], by: Hand): Buffer {
  const value = (text: string) => {
    const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
    const written = by.isDayFirst && day ? `${day[3]}/${day[2]}/${day[1]}` : text;
    const needsQuotes = by.isQuoted || written.includes(by.delimiter) || written.includes('"');
    return needsQuotes ? `"${written.replaceAll('"', '""')}"` : written;
  };
  const text = [
    ENROLLMENT_HEADINGS.map(value).join(by.delimiter),
    ...lines.map((line) =>
      typeof line === 'string'
        ? line
        : ENROLLMENT_HEADINGS.map((heading) => value(line[heading])).join(by.delimiter),
    ),
  ].join(by.lineEnd);
  return Buffer.from((by.hasMark && by.encoding === 'utf8' ? '\ufeff' : '') + text, by.encoding);
}
