import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFileProblem } from '#server/domain/imports/problems.ts';
import {
  anyHand,
  csvOf,
  ENROLLMENT_HEADINGS,
  type Hand,
  type ImportRow,
  importRow,
  inPieces,
  readBooks,
  reasonsIn,
  rightRows,
  takeFile,
  takeIn,
  writeAs,
} from '#test/support/import-files.ts';
import { NEIGHBORHOODS, nik, openSmallProgram, type SmallProgram } from '#test/support/small-program.ts';

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

describe('a file of people', () => {
  it('[IMP-2] the same people come in whatever the file is written in', async () => {
    const names = ['José Sinaga', 'Désirée; Lubis', 'Siti, S.Pd.', '"Ucok" Pane'];
    await fc.assert(
      fc.asyncProperty(anyHand, async (by) => {
        const first = numbers(names.length);
        const rows = names.map((nama, index) => importRow(first + index, { nama }));
        const bytes = writeAs(rows, by);
        const { count, report } = await takeIn(program, bytes, {
          open: () => inPieces(bytes, by.pieceBytes),
        });
        expect(report).toBe('');
        expect(count).toMatchObject({ rows: 4, accepted: 4 });
        const { rows: kept } = await program.admin.query<{ id: string; sealed: Buffer; key_id: number }>(
          'SELECT id, sealed, key_id FROM participants WHERE nik_hash = ANY ($1::bytea[])',
          [rows.map((row) => program.intake.vault.hashNik(row.nik))],
        );
        const details = kept.map((row) =>
          JSON.parse(program.intake.vault.open(row.id, row.key_id, row.sealed)),
        );
        expect(details.map((each) => each.name).sort()).toEqual([...names].sort());
        for (const each of details) expect(each.birthDate).toBe('1990-01-01');
      }),
      { numRuns: 40 },
    );
  });

  it('[IMP-3] days are read either way, and neighborhoods by digits or Roman numerals', async () => {
    const first = numbers(4);
    const village = (NEIGHBORHOODS[0] as string).slice(0, -4);
    const { count } = await takeIn(
      program,
      csvOf([
        importRow(first, { kode_lingkungan: `${village}-001`, tanggal_daftar: '20/10/2025' }),
        importRow(first + 1, { kode_lingkungan: `${village}-1`, tanggal_daftar: '2025-10-20' }),
        importRow(first + 2, { kode_lingkungan: `${village} - II`, tanggal_lahir: '', no_hp: '' }),
        importRow(first + 3, { kode_lingkungan: ` ${village}-i `, nik: `'${nik(first + 3)}` }),
      ]),
    );
    expect(count.accepted).toBe(4);
    const { rows } = await program.admin.query(
      'SELECT DISTINCT enrolled_on::text AS day FROM enrollments WHERE enrolled_revision = $1',
      [count.revision],
    );
    expect(rows).toEqual([{ day: '2025-10-20' }]);
  });

  it('[IMP-4] rows in = accepted + duplicate + rejected, and each accepted person counts once', async () => {
    const people = 12;
    const row = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.nat(people - 1).map((number) => ({ number, changes: {} as Partial<ImportRow> })),
      },
      {
        weight: 3,
        arbitrary: fc
          .tuple(
            fc.nat(people - 1),
            fc.constantFrom<Partial<ImportRow>>(
              { nik: '127101150590000' },
              { nik: '1.27101E+15' },
              { kode_lingkungan: '12.71.14.1001-999' },
              { nama: '' },
              { nama: '=cmd()' },
              { tanggal_lahir: '31/31/1990' },
              { tanggal_daftar: '2031-01-01' },
              { pekerjaan: 'x'.repeat(500) },
            ),
          )
          .map(([number, changes]) => ({ number, changes })),
      },
      { weight: 2, arbitrary: fc.constantFrom('', ';;;;;;', 'terlalu,sedikit', '"tanda kutip', '"a"b,c') },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), anyHand, async (drawn, by) => {
        const first = numbers(people);
        const lines = drawn.map((each) =>
          typeof each === 'string' ? each : importRow(first + each.number, each.changes),
        );
        const bytes = writeAs(lines, by);
        const before = await readBooks(program);
        const taken = await takeFile(program, bytes, { open: () => inPieces(bytes, by.pieceBytes) });
        if (isFileProblem(taken)) throw new Error(taken.problem);
        const { rows, accepted, duplicate, rejected } = taken.count;
        const after = await readBooks(program);

        const right = lines.filter((each) => typeof each !== 'string').filter(isRight);
        const blank = lines.filter(
          (each) => typeof each === 'string' && each.replaceAll(by.delimiter, '').trim() === '',
        );
        expect(rows).toBe(lines.length - blank.length);
        expect(accepted + duplicate + rejected).toBe(rows);
        expect(accepted).toBe(new Set(right.map((each) => each.nik)).size);
        expect(duplicate).toBe(right.length - accepted);
        expect(after.people - before.people).toBe(accepted);
        expect(after.enrolled - before.enrolled).toBe(accepted);
        expect(after.revision - before.revision).toBe(accepted > 0 ? 1 : 0);
        expect(reasonsIn(taken.report)).toHaveLength(duplicate + rejected);
      }),
      { numRuns: 150 },
    );
  });

  function isRight(row: ImportRow): boolean {
    const model = importRow(0);
    return (
      /^\d{16}$/.test(row.nik) &&
      (row.nama === '=cmd()' || row.nama.startsWith('Orang')) &&
      row.tanggal_lahir === model.tanggal_lahir &&
      row.tanggal_daftar === model.tanggal_daftar &&
      row.pekerjaan === model.pekerjaan &&
      NEIGHBORHOODS.includes(row.kode_lingkungan)
    );
  }

  it('[IMP-6] the same file again changes nothing, takes no revision and leaves no note', async () => {
    const file = csvOf(rightRows(700, numbers(700)));
    const { count } = await takeIn(program, file);
    expect(count).toMatchObject({ rows: 700, accepted: 700, duplicate: 0, rejected: 0 });
    const before = await readBooks(program);
    const again = await takeIn(program, file);
    expect(again.count).toMatchObject({
      rows: 700,
      accepted: 0,
      duplicate: 700,
      rejected: 0,
      revision: null,
    });
    expect(await readBooks(program)).toEqual(before);
  });

  it('[IMP-7] a batch of at most 500 rows is one commit and one note, by fingerprint and lines', async () => {
    const file = csvOf(rightRows(1_100, numbers(1_100)));
    const before = await readBooks(program);
    await takeIn(program, file);
    const after = await readBooks(program);
    expect(after.revision - before.revision).toBe(3);
    const { rows } = await program.admin.query<{ subject: string; revision: number }>(
      'SELECT subject, revision FROM audit_log WHERE revision > $1 ORDER BY sequence',
      [before.revision],
    );
    const sha256 = createHash('sha256').update(file).digest('hex');
    expect(rows.map((row) => row.subject)).toEqual([
      `file ${sha256} lines 2-501`,
      `file ${sha256} lines 502-1001`,
      `file ${sha256} lines 1002-1101`,
    ]);
  });

  it('[IMP-7] broken off between two batches, the same file again brings exactly the rest', async () => {
    const file = csvOf(rightRows(1_300, numbers(1_300)));
    let batches = 0;
    const broken = takeIn(program, file, {
      progress: () => {
        batches += 1;
        if (batches === 2) throw new Error('the power went');
      },
    });
    await expect(broken).rejects.toThrow('the power went');
    expect((await takeIn(program, file)).count).toMatchObject({
      rows: 1_300,
      accepted: 300,
      duplicate: 1_000,
    });
  });

  it('[IMP-10] the report has the rows that were not accepted, with line and reasons, and comes in again once mended', async () => {
    const first = numbers(4);
    const rows = [
      importRow(first),
      importRow(first + 1, { nik: nik(first + 1).slice(1) }),
      importRow(first),
      importRow(first + 2, {
        nama: '=HYPERLINK("x")',
        kode_lingkungan: '12.71.01.1001-999',
        no_hp: '+62 812',
      }),
    ];
    const by: Hand = {
      delimiter: ';',
      lineEnd: '\r\n',
      encoding: 'utf8',
      hasMark: true,
      isQuoted: false,
      isDayFirst: true,
      pieceBytes: 100,
    };
    const { count, report } = await takeIn(program, writeAs(rows, by));
    expect(count).toMatchObject({ rows: 4, accepted: 1, duplicate: 1, rejected: 2 });
    const lines = report.split('\r\n');
    expect(lines[0]).toBe(
      `\ufeff${[...ENROLLMENT_HEADINGS, 'baris', 'alasan', 'reason'].map((each) => `"${each}"`).join(';')}`,
    );
    expect(lines[1]).toContain(
      '"3";"NIK terdiri atas 16 angka. Periksa lagi pada KTP.";"A NIK has 16 digits. Check it on the card."',
    );
    expect(lines[2]).toContain('"4";"Orang ini sudah terdaftar');
    expect(lines[3]).toContain(`"'=HYPERLINK(""x"")"`);
    expect(lines[3]).toContain(`"'+62 812"`);

    const mended = report
      .replace(nik(first + 1).slice(1), nik(first + 1))
      .replace('12.71.01.1001-999', NEIGHBORHOODS[1] as string);
    const again = await takeIn(program, mended);
    expect(again.count).toMatchObject({ rows: 3, accepted: 2, duplicate: 1, rejected: 0 });
    expect(again.report.split('\r\n')[0]).toBe(lines[0]);
  });

  it('[IMP-14] a file is read as it is taken in, not ahead', async () => {
    const bytes = Buffer.from(csvOf(rightRows(5_000, numbers(5_000))));
    let given = 0;
    const shares: number[] = [];
    const open = async function* () {
      given = 0;
      for await (const piece of inPieces(bytes)) {
        given += piece.length;
        yield piece;
      }
    };
    const batchBytes = bytes.length / 10;
    await takeIn(program, bytes, {
      open,
      progress: ({ rows }) => shares.push(given / batchBytes - rows / 500),
    });
    expect(shares).toHaveLength(10);
    expect(Math.max(...shares)).toBeLessThan(1);
  });
});
