import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTrial } from '#server/domain/imports/trial.ts';
import { csvOf, importRow, readBooks, reasonsIn, takeIn } from '#test/support/import-files.ts';
import { nik, openSmallProgram, type SmallProgram } from '#test/support/small-program.ts';

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

describe('a trial', () => {
  it('[IMP-12] a trial tells what would become of each row, and changes nothing', async () => {
    const first = numbers(3);
    await takeIn(program, csvOf([importRow(first)]));
    const rows = [
      importRow(first),
      importRow(first + 1),
      importRow(first + 1),
      importRow(first + 2, { nama: '' }),
    ];
    const before = await readBooks(program);
    const client = await program.store.ledgerClient();
    const trial = createTrial(client, program.intake.program().id);
    const { count } = await takeIn(program, csvOf(rows), { trial });
    expect(count).toMatchObject({ rows: 4, accepted: 1, duplicate: 2, rejected: 1, revision: null });
    expect(await readBooks(program)).toEqual(before);
    expect((await takeIn(program, csvOf(rows))).count).toMatchObject({
      accepted: 1,
      duplicate: 2,
      rejected: 1,
    });
  });
});

describe('a file of contributions', () => {
  const headings = 'NIK;Periode;Tanggal Bayar;Jumlah';
  const fileOf = (...lines: string[]) => [headings, ...lines].join('\r\n');

  it('[IMP-13] a month is recorded once, for people who are enrolled, and a wrong value is told by its column', async () => {
    const first = numbers(2);
    await takeIn(program, csvOf([importRow(first), importRow(first + 1)]));
    const file = fileOf(
      `${nik(first)};2025-09;20/10/2025;Rp16.800`,
      `${nik(first)};2025-09;2025-10-21;16800`,
      `${nik(first)};10/2025;2025-10-21;16.800,00`,
      `${nik(first + 1)};2025-10;2025-10-21;16800`,
      `${nik(899_999)};2025-10;2025-10-21;16800`,
      `${nik(first + 1)};Okt-25;2025-10-21;16800`,
      `${nik(first + 1)};2025-08;2031-10-21;16800`,
      `${nik(first + 1)};2025-08;2025-10-21;enam belas ribu`,
    );
    const trial = createTrial(await program.store.ledgerClient(), program.intake.program().id);
    const before = await readBooks(program);
    const expected = { kind: 'CONTRIBUTIONS', rows: 8, accepted: 3, duplicate: 1, rejected: 4 };
    expect((await takeIn(program, file, { trial })).count).toMatchObject(expected);
    expect(await readBooks(program)).toEqual(before);

    const { count, report } = await takeIn(program, file);
    expect(count).toMatchObject(expected);
    expect(reasonsIn(report).map(([line]) => line)).toEqual([3, 6, 7, 8, 9]);
    const after = await readBooks(program);
    expect(after).toMatchObject({ contributions: before.contributions + 3, revision: before.revision + 1 });
    const { rows } = await program.admin.query(
      `SELECT paid_on::text AS day FROM contributions WHERE period = '2025-09-01'
          AND participant_id = (SELECT id FROM participants WHERE nik_hash = $1)`,
      [program.intake.vault.hashNik(nik(first))],
    );
    expect(rows).toEqual([{ day: '2025-10-20' }]);

    const again = await takeIn(program, file);
    expect(again.count).toMatchObject({ accepted: 0, duplicate: 4, rejected: 4, revision: null });
    expect(await readBooks(program)).toEqual(after);
  });
});
