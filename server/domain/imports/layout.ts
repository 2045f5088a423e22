import { readCells } from './cells.ts';
import { createRowCutter } from './cut-rows.ts';
import { type FileProblem, fileProblem } from './problems.ts';

export const HEADINGS = {
  ENROLLMENTS: ['kode_lingkungan', 'nik', 'nama', 'tanggal_lahir', 'pekerjaan', 'no_hp', 'tanggal_daftar'],
  CONTRIBUTIONS: ['nik', 'periode', 'tanggal_bayar', 'jumlah'],
} as const;

export type FileKind = keyof typeof HEADINGS;
export type Heading = (typeof HEADINGS)[FileKind][number];

export interface Layout {
  readonly kind: FileKind;
  readonly delimiter: string;
  /** 1-based; what stands above it is a title and no row. */
  readonly headingLine: number;
  /** As they are written in the file. */
  readonly headings: readonly string[];
  /** Which column, counted from 0, has a heading. */
  readonly columns: ReadonlyMap<Heading, number>;
}

const DELIMITERS = [',', ';', '\t'];
/** Rows at the top among which the headings are: offices put a title above, spreadsheets a line that names the delimiter. */
const TOP_ROWS = 10;

/**
 * Finds the line of headings, and by it what kind of file this is and what separates its values. Headings are known
 * by their letters and digits alone, in any order, among any others. Says which are missing in the line that has most.
 */
export function findLayout(head: string): Layout | FileProblem {
  let best: { layout: Layout; missing: readonly Heading[] } | null = null;
  for (const delimiter of DELIMITERS) {
    for (const { line, cells } of topRows(head, delimiter)) {
      for (const kind of ['ENROLLMENTS', 'CONTRIBUTIONS'] as const) {
        const found = readHeadings(kind, delimiter, line, cells);
        const isBetter = best === null || found.layout.columns.size > best.layout.columns.size;
        if (isBetter || (best?.missing.length && found.missing.length === 0)) best = found;
      }
    }
  }
  if (!best || best.layout.columns.size === 0)
    return fileProblem('HEADINGS', 1, HEADINGS.ENROLLMENTS.join(', '));
  const { layout, missing } = best;
  if (missing.length > 0) return fileProblem('HEADINGS', layout.headingLine, missing.join(', '));
  const twice = [...layout.columns.keys()].filter((heading) => timesIn(layout.headings, heading) > 1);
  return twice.length > 0 ? fileProblem('HEADING_TWICE', layout.headingLine, twice.join(', ')) : layout;
}

function topRows(head: string, delimiter: string) {
  return createRowCutter(delimiter)
    .push(head.replace(/^(\ufeff|ï»¿)/, ''), true)
    .slice(0, TOP_ROWS)
    .filter((row) => !row.isBroken && row.text.trim() !== '')
    .map(({ line, text }) => ({ line, cells: readCells([text], delimiter)[0] ?? [] }));
}

function readHeadings(kind: FileKind, delimiter: string, headingLine: number, cells: readonly string[]) {
  const end = cells.findLastIndex((cell) => cell !== '') + 1;
  const headings = cells.slice(0, end);
  const plain = headings.map(plainly);
  const columns = new Map<Heading, number>();
  for (const heading of HEADINGS[kind]) {
    const at = plain.indexOf(plainly(heading));
    if (at >= 0) columns.set(heading, at);
  }
  const missing = HEADINGS[kind].filter((heading) => !columns.has(heading));
  return { layout: { kind, delimiter, headingLine, headings, columns }, missing };
}

function timesIn(headings: readonly string[], heading: Heading): number {
  return headings.filter((each) => plainly(each) === plainly(heading)).length;
}

function plainly(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
