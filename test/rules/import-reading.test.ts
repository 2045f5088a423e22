import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  areRounded,
  isSpreadsheetNumber,
  readCells,
  readDay,
  writeCell,
} from '#server/domain/imports/cells.ts';
import { createRowCutter } from '#server/domain/imports/cut-rows.ts';
import { findLayout, HEADINGS, type Layout } from '#server/domain/imports/layout.ts';
import { isFileProblem } from '#server/domain/imports/problems.ts';
import { surveyFile } from '#server/domain/imports/survey.ts';
import { ENROLLMENT_HEADINGS, inPieces } from '#test/support/import-files.ts';

const cut = (text: string, delimiter = ',') => createRowCutter(delimiter).push(text, true);
const survey = (content: string | Uint8Array, rowsMax = 1_000) =>
  surveyFile(inPieces(Buffer.from(content)), rowsMax);

function layoutOf(head: string): Layout {
  const layout = findLayout(head);
  if (isFileProblem(layout)) throw new Error(`no layout: ${layout.detail}`);
  return layout;
}

describe('headings', () => {
  test.each([
    ['as they are named', 'kode_lingkungan,nik,nama,tanggal_lahir,pekerjaan,no_hp,tanggal_daftar'],
    ['in capitals with spaces', 'KODE LINGKUNGAN;NIK;NAMA;TANGGAL LAHIR;PEKERJAAN;NO. HP;TANGGAL DAFTAR'],
    ['in another order', 'nik\tnama\tno_hp\tkode_lingkungan\ttanggal_daftar\tpekerjaan\ttanggal_lahir'],
    [
      'among others',
      'No;Kode Lingkungan;Kelurahan;NIK;Nama;Tanggal Lahir;Pekerjaan;No HP;Tanggal-Daftar;Ket',
    ],
    [
      'behind a byte order mark, quoted',
      '\ufeff"kode_lingkungan","nik","nama","tanggal_lahir","pekerjaan","no_hp","tanggal_daftar"',
    ],
  ])('[IMP-1] headings are known %s', (_how, line) => {
    const layout = layoutOf(`${line}\n`);
    expect(layout.kind).toBe('ENROLLMENTS');
    for (const heading of HEADINGS.ENROLLMENTS) {
      const written = layout.headings[layout.columns.get(heading) ?? -1] ?? '';
      expect(written.toLowerCase().replace(/[^a-z]/g, '')).toBe(heading.replace('_', ''));
    }
  });

  it('[IMP-1] headings may stand below a title, and tell the kind of file', () => {
    const head = 'sep=;\nDATA IURAN; OKTOBER\n\nNIK;Periode;Tanggal Bayar;Jumlah\n';
    expect(layoutOf(head)).toMatchObject({ kind: 'CONTRIBUTIONS', delimiter: ';', headingLine: 4 });
  });

  it('[IMP-1] a heading that is missing or there twice is named with its line', () => {
    expect(findLayout('Data\nkode_lingkungan,nik,nama,tanggal_lahir,pekerjaan,tanggal_daftar\n')).toEqual({
      problem: 'HEADINGS',
      line: 2,
      detail: 'no_hp',
    });
    expect(findLayout(`${ENROLLMENT_HEADINGS.join(';')};NIK\n`)).toMatchObject({
      problem: 'HEADING_TWICE',
      line: 1,
      detail: 'nik',
    });
    expect(findLayout('{"not": "a list"}\n')).toMatchObject({ problem: 'HEADINGS', line: 1 });
  });
});

const text = fc
  .array(fc.constantFrom('"', '"', ',', ';', '\t', ' ', '\n', '\r', '\r\n', 'a', '\u00a0', '\f', "'", '='), {
    maxLength: 80,
  })
  .map((parts) => parts.join(''));

describe('rows', () => {
  it('[IMP-5] every line of any text is in exactly one row, however it comes in pieces', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(',', ';', '\t'), fc.array(fc.nat(80)), (all, delimiter, places) => {
        const rows = cut(all, delimiter);
        const cutter = createRowCutter(delimiter);
        const pieces = [0, ...places.sort((a, b) => a - b)].map((at, index, list) =>
          all.slice(at, list[index + 1]),
        );
        const last = pieces.pop() ?? '';
        expect([...pieces.flatMap((piece) => cutter.push(piece, false)), ...cutter.push(last, true)]).toEqual(
          rows,
        );
        let next = 1;
        for (const row of rows) {
          expect(row.line).toBe(next);
          next += row.text.split('\n').length;
        }
        expect(next - 1).toBe(all.replace(/\r$/, '').split(/\r\n|\n|\r/).length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('[IMP-5] a row that was cut whole has the same values alone and among others', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(',', ';', '\t'), (all, delimiter) => {
        const whole = cut(all, delimiter)
          .filter((row) => !row.isBroken && row.text.trim() !== '')
          .map((row) => row.text);
        const alone = whole.map((row) => readCells([row], delimiter)[0]);
        expect(readCells(whole, delimiter)).toEqual(alone);
      }),
      { numRuns: 2_000 },
    );
  });

  it('[IMP-5] a forgotten quote costs its own row and no other', () => {
    const rows = cut('a,b\n"open,b\nc,d\n"e"f,g\n"two\nlines",h\nlast,"i"\n');
    expect(rows.filter((row) => row.text !== '')).toEqual([
      { line: 1, text: 'a,b', isBroken: false },
      { line: 2, text: '"open,b', isBroken: true },
      { line: 3, text: 'c,d', isBroken: false },
      { line: 4, text: '"e"f,g', isBroken: true },
      { line: 5, text: '"two\nlines",h', isBroken: false },
      { line: 7, text: 'last,"i"', isBroken: false },
    ]);
  });

  it('[IMP-5] rows behind a forgotten quote come ten lines later at most, not at the end of the file', () => {
    const cutter = createRowCutter(',');
    const rows = cutter.push(`"open,b\n${'c,d\n'.repeat(12)}`, false);
    expect(rows.map((row) => [row.line, row.isBroken])).toEqual([
      [1, true],
      ...Array.from({ length: 12 }, (_, index) => [2 + index, false]),
    ]);
  });

  it('[IMP-5] quotes inside a value are letters, and a value in quotes may hold the separator and line breaks', () => {
    expect(readCells(['Ahmad "Udin" Lubis,"Siregar, S.H."', '"a ""b"" c","d\ne"', 'x, "y"'], ',')).toEqual([
      ['Ahmad "Udin" Lubis', 'Siregar, S.H.'],
      ['a "b" c', 'd\ne'],
      ['x', 'y'],
    ]);
  });
});

describe('values', () => {
  test.each([
    ['2025-10-29', '2025-10-29'],
    ['29/10/2025', '2025-10-29'],
    ['9/5/2025', '2025-05-09'],
    ['29-10-2025', '2025-10-29'],
    ['2025-10-29 00:00:00', '2025-10-29'],
    ['', null],
    ['31/31/2025', '2025-31-31'],
    ['kemarin', 'kemarin'],
  ])('[IMP-3] a day written %s is read as %s', (cell, day) => {
    expect(readDay(cell)).toBe(day);
  });

  it('[IMP-9] a NIK that a spreadsheet made a number of is known', () => {
    for (const cell of ['1.27101E+15', '1,27101E+15', '1.27101e15', '1E+15', '1.271 01E+15']) {
      expect(isSpreadsheetNumber(cell)).toBe(true);
    }
    for (const cell of ['1271011505900001', '', 'E15', '1.271.011.505'])
      expect(isSpreadsheetNumber(cell)).toBe(false);
  });

  it('[IMP-9] twenty different NIKs that all end in 0 were rounded, fewer or the same one again are chance', () => {
    const rounded = Array.from({ length: 20 }, (_, n) => `12710115059${String(n).padStart(4, '0')}0`);
    expect(areRounded(rounded)).toBe(true);
    expect(areRounded(rounded.slice(1))).toBe(false);
    expect(areRounded([...rounded, '1271011505900001'])).toBe(false);
    expect(areRounded(Array.from({ length: 50 }, () => rounded[0] as string))).toBe(false);
  });

  it('[IMP-11] no cell of a report is a formula, and it is read back as it was', () => {
    for (const value of ['=1+1', '+62812', '-3', '@SUM(A1)', '\t=1', '\r=1', '＝1', '=HYPERLINK("x";"y")']) {
      const cell = writeCell(value);
      expect(cell).toMatch(/^"'/);
      expect(readCells([cell], ',')).toEqual([[value.trim()]]);
    }
    expect(writeCell("Ma'ruf")).toBe('"Ma\'ruf"');
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (value) => {
        expect(writeCell(value)).not.toMatch(/^"\s*[=+\-@]/);
      }),
    );
  });
});

describe('a survey', () => {
  it('[IMP-2] what is not UTF-8 from end to end is windows-1252', async () => {
    const plain = 'nama\n'.repeat(2_000);
    expect(await survey(`${plain}Désirée Müller\n`, 10_000)).toMatchObject({
      encoding: 'utf-8',
      lines: 2_001,
    });
    const western = Buffer.concat([Buffer.from(plain), Buffer.from([0x44, 0xe9, 0x73, 0x0a])]);
    expect(await survey(western, 10_000)).toMatchObject({ encoding: 'windows-1252' });
    expect(await survey(Buffer.from([0x61, 0x0a, 0xc3]))).toMatchObject({ encoding: 'windows-1252' });
  });

  test.each<[string, string | Uint8Array, object]>([
    ['an empty file', '', { problem: 'EMPTY' }],
    ['blank lines', ' \r\n\r\n\t\n', { problem: 'EMPTY' }],
    ['a byte order mark alone', '\ufeff\n', { problem: 'EMPTY' }],
    ['an Excel workbook', Buffer.from('PK\x03\x04\x14\x00\x06\x00', 'latin1'), { problem: 'EXCEL' }],
    ['an old Excel workbook', Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1', 'latin1'), { problem: 'EXCEL' }],
    ['UTF-16', Buffer.from('\ufeffnik', 'utf16le'), { problem: 'UTF16' }],
    ['a NUL byte in line 3', 'nik\r\na\r\nb\0\r\n', { problem: 'NOT_TEXT', line: 3 }],
    ['a line of 17 KB', `nik\n${'x'.repeat(17_000)}`, { problem: 'LINE_TOO_LONG', line: 2 }],
    ['a row too many', 'nik\n'.repeat(1_002), { problem: 'TOO_MANY_ROWS', detail: '1000' }],
  ])('[IMP-8] %s is told apart, with its line', async (_what, content, problem) => {
    expect(await survey(content)).toMatchObject(problem);
  });

  it('[IMP-8] a line of 100 MB is not read further than its first 16 KB', async () => {
    let given = 0;
    async function* endless() {
      const piece = Buffer.alloc(4_096, 'x');
      for (; given < 100_000_000; given += piece.length) yield piece;
    }
    expect(await surveyFile(endless(), 1_000)).toMatchObject({ problem: 'LINE_TOO_LONG', line: 1 });
    expect(given).toBeLessThan(64_000);
  });
});
