import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Actor } from '#server/domain/access/policy.ts';
import {
  csvOf,
  ENROLLMENT_HEADINGS,
  type ImportRow,
  importRow,
  lineOf,
  readBooks,
  reasonsIn,
  rightRows,
  takeFile,
  takeIn,
} from '#test/support/import-files.ts';
import { KEPLING, openSmallProgram, type SmallProgram, SYSTEM } from '#test/support/small-program.ts';

let program: SmallProgram;
let next = 0;

beforeAll(async () => {
  program = await openSmallProgram();
});
afterAll(() => program.close());

/** The first of `count` numbers that no other test uses. */
function numbers(count: number): number {
  next += count;
  return next - count;
}

describe('a file that cannot be taken in', () => {
  test.each<[string, string | Buffer, object]>([
    ['an empty file', '', { problem: 'EMPTY' }],
    ['a workbook', Buffer.from('PK\x03\x04\x14\x00\x06\x00\x08\x00', 'latin1'), { problem: 'EXCEL' }],
    ['a NUL byte far down', `${csvOf(rightRows(600, 900_000))}a\0b\n`, { problem: 'NOT_TEXT', line: 602 }],
    [
      'a line too long far down',
      `${csvOf(rightRows(600, 900_000))}${'x'.repeat(20_000)}\n`,
      { problem: 'LINE_TOO_LONG', line: 602 },
    ],
    [
      'wrong headings',
      csvOf(rightRows(3, 900_000)).replace('nik', 'nomor'),
      { problem: 'HEADINGS', line: 1, detail: 'nik' },
    ],
    [
      'a heading too few',
      csvOf(rightRows(3, 900_000)).replace(',no_hp', ''),
      { problem: 'HEADINGS', line: 1, detail: 'no_hp' },
    ],
  ])('[IMP-8] %s is refused whole, and changes nothing', async (_what, content, problem) => {
    const before = await readBooks(program);
    expect(await takeFile(program, content)).toMatchObject(problem);
    expect(await readBooks(program)).toEqual(before);
  });

  it('[IMP-8] rows of one column too few are told by line, and change nothing', async () => {
    const lines = rightRows(3, 900_000).map((row) => lineOf(row).replace(/,[^,]*$/, ''));
    const before = await readBooks(program);
    const { count, report } = await takeIn(program, [ENROLLMENT_HEADINGS.join(','), ...lines].join('\n'));
    expect(count).toMatchObject({ rows: 3, accepted: 0, rejected: 3 });
    const reason = expect.stringContaining('as many columns');
    expect(reasonsIn(report)).toEqual([2, 3, 4].map((line) => [line, reason]));
    expect(await readBooks(program)).toEqual(before);
  });

  it('[IMP-9] NIKs that a spreadsheet has spoilt are told: row by row, or all of them at once', async () => {
    const first = numbers(30);
    const { count, report } = await takeIn(
      program,
      csvOf([importRow(first), importRow(first + 1, { nik: '1,27101E+15' })].map(quoteNik)),
    );
    expect(count).toMatchObject({ accepted: 1, rejected: 1 });
    expect(reasonsIn(report)).toEqual([[3, expect.stringContaining('Excel has made a number')]]);
    const rounded = rightRows(25, first + 2).map((row, index) => ({
      ...row,
      nik: `99710115059${String(index).padStart(4, '0')}0`,
    }));
    expect(await takeFile(program, csvOf(rounded))).toMatchObject({ problem: 'NIK_ROUNDED' });
  });

  function quoteNik(row: ImportRow): ImportRow {
    return { ...row, nik: `"${row.nik}"` };
  }

  it('[IMP-15] whoever may not bring files, or brings one before the program is open, is refused', async () => {
    const before = await readBooks(program);
    const file = csvOf(rightRows(2, 900_000));
    const district: Actor = { ...KEPLING, role: 'DISTRICT' };
    for (const actor of [KEPLING, district])
      expect(await takeFile(program, file, { actor })).toMatchObject({ problem: 'NOT_PERMITTED' });
    const closed = { ...program.intake, program: () => ({ ...program.intake.program(), isOpen: false }) };
    expect(await takeFile(program, file, { intake: closed, actor: SYSTEM })).toMatchObject({
      problem: 'NOT_OPEN',
    });
    expect(await readBooks(program)).toEqual(before);
  });

  it('[IMP-16] in a live program people brought by the console wait for verification, and made-up ones are refused', async () => {
    const live = {
      ...program.intake,
      program: () => ({ ...program.intake.program(), mode: 'LIVE' as const }),
    };
    const rows = [importRow(0, { nik: '1271011505900001' }), importRow(numbers(1))];
    const before = await readBooks(program);
    const { count } = await takeIn(program, csvOf(rows), { intake: live, actor: SYSTEM });
    expect(count).toMatchObject({ accepted: 1, pending: 1, rejected: 1 });
    const after = await readBooks(program);
    expect([after.pending - before.pending, after.enrolled - before.enrolled]).toEqual([1, 0]);
  });
});
