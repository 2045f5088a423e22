import type { TextKey } from '#texts/catalog.ts';
import { readCells } from './cells.ts';
import { type CutRow, createRowCutter } from './cut-rows.ts';
import type { Heading, Layout } from './layout.ts';
import type { Encoding } from './survey.ts';

/** Rows of one commit at most: others get their turn at the ledger in between. */
const BATCH_ROWS = 500;

export interface FileRow {
  /** 1-based, of the row's first line. */
  readonly line: number;
  /** As many as there are headings, or fewer; of a row with a broken quote its line as it stands. */
  readonly cells: readonly string[];
  /** Why its values cannot be told apart; null where they can. */
  readonly flaw: TextKey | null;
  value(heading: Heading): string;
}

export interface RowBatch {
  readonly rows: readonly FileRow[];
  /** Bytes of the file read so far. */
  readonly bytes: number;
}

/**
 * A file's rows in batches, in their order, holding no more of it than a batch. What is blank in every column is no
 * row. Whatever comes between the headings and the end is either in a batch or blank.
 */
export async function* readRows(
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
  layout: Layout,
): AsyncGenerator<RowBatch, void, undefined> {
  const decoder = new TextDecoder(encoding);
  const cutter = createRowCutter(layout.delimiter);
  let bytes = 0;
  let waiting: FileRow[] = [];
  const take = (text: string, isEnd: boolean) => {
    waiting = waiting.concat(toFileRows(cutter.push(text, isEnd), layout));
  };
  for await (const chunk of chunks) {
    bytes += chunk.length;
    take(decoder.decode(chunk, { stream: true }), false);
    while (waiting.length >= BATCH_ROWS) yield { rows: waiting.splice(0, BATCH_ROWS), bytes };
  }
  take(decoder.decode(), true);
  while (waiting.length > 0) yield { rows: waiting.splice(0, BATCH_ROWS), bytes };
}

function toFileRows(cut: readonly CutRow[], layout: Layout): FileRow[] {
  const written = cut.filter(({ line, text }) => line > layout.headingLine && text.trim() !== '');
  const whole = written.filter((row) => !row.isBroken);
  const cells = readCells(
    whole.map((row) => row.text),
    layout.delimiter,
  );
  const cellsOf = new Map(whole.map((row, index) => [row, cells[index] ?? []]));
  return written
    .map((row) => toFileRow(row.line, cellsOf.get(row) ?? null, row.text, layout))
    .filter((row) => row.flaw === 'import.row.QUOTES' || row.cells.some((cell) => cell !== ''));
}

function toFileRow(line: number, cells: readonly string[] | null, text: string, layout: Layout): FileRow {
  const { headings, columns } = layout;
  const hasColumns = cells && cells.length >= headings.length && cells.slice(headings.length).every(isBlank);
  return {
    line,
    cells: cells?.slice(0, headings.length) ?? [text],
    flaw: !cells ? 'import.row.QUOTES' : hasColumns ? null : 'import.row.COLUMNS',
    value: (heading) => cells?.[columns.get(heading) ?? -1] ?? '',
  };
}

const isBlank = (cell: string) => cell === '';
