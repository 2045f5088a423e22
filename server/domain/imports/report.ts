import { catalog } from '#texts/catalog.ts';
import { writeCell } from './cells.ts';
import type { Layout } from './layout.ts';
import type { FileRow } from './read-rows.ts';
import type { Verdict } from './verdict.ts';

/** Where a report goes. It holds people: whoever keeps it keeps it for its reader alone. */
export interface ReportSink {
  write(text: string): Promise<void>;
}

/** One row that was not accepted, without its values. */
export interface ReportNote {
  readonly line: number;
  readonly verdict: Exclude<Verdict, { outcome: 'ACCEPTED' }>;
}

const OWN_HEADINGS = ['baris', 'alasan', 'reason'];
const BYTE_ORDER_MARK = '\ufeff';

/**
 * The rows that were not accepted, as a file of the same shape and separator with three more columns: line, and why
 * in Indonesian and in English. Mended, it can be sent as it is. No cell is a formula to what opens it.
 */
export function reportOn(layout: Layout) {
  // A report that is sent again brings its own columns along.
  const kept = layout.headings.flatMap((heading, at) =>
    OWN_HEADINGS.includes(heading.toLowerCase()) ? [] : [at],
  );
  const join = (cells: readonly string[]) => `${cells.map(writeCell).join(layout.delimiter)}\r\n`;
  return {
    head: () => BYTE_ORDER_MARK + join([...kept.map((at) => layout.headings[at] ?? ''), ...OWN_HEADINGS]),
    row(row: FileRow, { line, verdict }: ReportNote): string {
      const { id, en } = catalog[verdict.reason];
      return join([...kept.map((at) => row.cells[at] ?? ''), String(line), id, en]);
    },
  };
}
