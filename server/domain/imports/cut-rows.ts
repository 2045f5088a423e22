import { LINE_BYTES_MAX } from './survey.ts';

/** Lines that one row may have: a break inside quotes is let pass, half a file behind a forgotten quote is not. */
const LINES_PER_ROW_MAX = 10;

export interface CutRow {
  /** 1-based, of the row's first line. */
  readonly line: number;
  readonly text: string;
  /** A quote that is never closed, or closed in the middle of a value. Such a row is one line. */
  readonly isBroken: boolean;
}

export interface RowCutter {
  /** The rows that are complete once `text` has come; at the end, call with nothing more to come. */
  push(text: string, isEnd: boolean): CutRow[];
}

/**
 * Cuts text into rows, before anything looks at their values. A parser that reads on after a forgotten quote takes
 * the next rows into that value and says nothing, so rows would be lost uncounted; here such a line is broken by
 * itself and the next one stands. Lines end in LF, CRLF or CR, mixed as they may be.
 */
export function createRowCutter(delimiter: string): RowCutter {
  let rest = '';
  let line = 0;
  let open: string[] = [];

  const take = (text: string, rows: CutRow[]) => {
    open.push(text);
    while (open.length > 0) {
      const fit = fitRow(open, delimiter);
      if (fit === 'OPEN' && open.length < LINES_PER_ROW_MAX) return;
      rows.push({
        line: line - open.length + 1,
        text: fit === 'WHOLE' ? open.join('\n') : (open[0] as string),
        isBroken: fit !== 'WHOLE',
      });
      if (fit === 'WHOLE') open = [];
      else retryFrom(rows);
    }
  };
  /** Puts the lines after the broken one back, one by one: each may begin a row of its own. */
  const retryFrom = (rows: CutRow[]) => {
    const waiting = open.slice(1);
    open = [];
    line -= waiting.length;
    for (const text of waiting) {
      line += 1;
      take(text, rows);
    }
  };

  return {
    push(text, isEnd) {
      const rows: CutRow[] = [];
      const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      // Of a CR at the end it is not known yet whether an LF follows.
      if (isEnd) {
        lines.push(rest.replace(/\r$/, ''));
        rest = '';
      } else if (rest.length > LINE_BYTES_MAX) {
        throw new Error('The file has changed since it was looked through: a line has become too long.');
      }
      for (const each of lines) {
        line += 1;
        take(each, rows);
      }
      while (isEnd && open.length > 0) {
        rows.push({ line: line - open.length + 1, text: open[0] as string, isBroken: true });
        retryFrom(rows);
      }
      return rows;
    },
  };
}

/** Whether these lines together are a row, would be with more lines, or never will be. */
function fitRow(lines: readonly string[], delimiter: string): 'WHOLE' | 'OPEN' | 'BROKEN' {
  const text = lines.join('\n');
  let at = 0;
  for (;;) {
    if (text[at] !== '"') {
      const next = text.indexOf(delimiter, at);
      if (next < 0) return 'WHOLE';
      at = next + 1;
      continue;
    }
    const end = endOfQuoted(text, at + 1);
    if (end < 0) return 'OPEN';
    if (end >= text.length) return 'WHOLE';
    if (text[end] !== delimiter) return 'BROKEN';
    at = end + 1;
  }
}

/** The place behind the closing quote; -1 where there is none. Two quotes stand for one. */
function endOfQuoted(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at + 1;
  }
  return -1;
}
