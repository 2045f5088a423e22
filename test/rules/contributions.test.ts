import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '#server/base/refusal.ts';
import type { Actor } from '#server/domain/access/policy.ts';
import { closeDays } from '#server/domain/contributions/close-day.ts';
import { recordContributions } from '#server/domain/contributions/record-contributions.ts';
import { enroll } from '#server/domain/enrollments/enroll.ts';
import { withdraw } from '#server/domain/enrollments/withdraw.ts';
import { checkSums } from '#server/live/check-sums.ts';
import { classesBySql, wronglyClassed } from '#test/support/classes-by-sql.ts';
import { recountEveryRevision } from '#test/support/recount.ts';
import {
  BPJS,
  KEPLING,
  NEIGHBORHOODS,
  nik,
  openSmallProgram,
  person,
  type SmallProgram,
  SYSTEM,
} from '#test/support/small-program.ts';

const FIRST = NEIGHBORHOODS[0] as string;
let program: SmallProgram;
let made = 0;

beforeAll(async () => {
  program = await openSmallProgram();
  await closeDays(program.intake, SYSTEM);
});
afterAll(async () => {
  expect(await recountEveryRevision(program)).toEqual([]);
  await program.close();
});

async function enrolled(enrolledOn: string, actor: Actor = BPJS): Promise<{ number: number; id: string }> {
  const number = ++made;
  const answer = await enroll(
    program.intake,
    actor,
    `c ${number}`,
    person(number, { neighborhood: FIRST, enrolledOn }),
  );
  if (isRefusal(answer)) throw new Error(answer.refusal);
  return { number, id: answer.enrollmentId };
}

/** Months of 2025, each paid on the 20th unless a day is given. */
const pay = (number: number, ...months: (number | readonly [number, string])[]) =>
  recordContributions(
    program.intake,
    SYSTEM,
    'test',
    months.map((month) => {
      const [at, paidOn] = typeof month === 'number' ? [month, null] : month;
      const period = `2025-${String(at).padStart(2, '0')}`;
      return { nik: nik(number), period, paidOn: paidOn ?? `${period}-20`, amount: 16_800 };
    }),
  );

async function standing(id: string): Promise<{ months: number; class: string }> {
  const { rows } = await program.admin.query<{ months: number; class: string }>(
    'SELECT months_covered AS months, persistency AS class FROM enrollments WHERE id = $1',
    [id],
  );
  return rows[0] as { months: number; class: string };
}

async function sums(): Promise<Record<string, number>> {
  const { rows } = await program.admin.query<Record<string, number>>(
    'SELECT * FROM neighborhood_sums WHERE neighborhood_id = $1',
    [program.area(FIRST).id],
  );
  return rows[0] ?? {};
}

const agrees = async () => {
  expect(await checkSums(program.store.pool('reader'), 1, null)).toEqual([]);
  expect(wronglyClassed(await classesBySql(program.admin, '2025-10-28'))).toEqual([]);
};

describe('contributions', () => {
  it('[CON-18] are posted in the order of neighborhoods, whoever was enrolled first', async () => {
    const numbers: number[] = [];
    for (const neighborhood of NEIGHBORHOODS.toReversed()) {
      const number = ++made;
      numbers.push(number);
      await enroll(program.intake, BPJS, `c ${number}`, person(number, { neighborhood }));
    }
    const { revision } = await recordContributions(
      program.intake,
      SYSTEM,
      'test',
      numbers.map((number) => ({
        nik: nik(number),
        period: '2025-10',
        paidOn: '2025-10-29',
        amount: 16_800,
      })),
    );
    const { rows } = await program.admin.query<{ id: number }>(
      'SELECT neighborhood_id AS id FROM entries WHERE revision = $1 ORDER BY position',
      [revision],
    );
    expect(rows.map(({ id }) => id)).toEqual(NEIGHBORHOODS.map((code) => program.area(code).id));
  });

  it('[CON-12] cover each month once, as first recorded, in one commit or none', async () => {
    const { number, id } = await enrolled('2025-07-10');
    const first = await pay(number, 7, 8, 8);
    expect(first.outcomes).toEqual(['ACCEPTED', 'ACCEPTED', 'DUPLICATE']);
    const again = await pay(number, [7, '2025-10-01'], 8);
    expect(again).toEqual({ outcomes: ['DUPLICATE', 'DUPLICATE'], revision: first.revision });
    const { rows } = await program.admin.query(
      `SELECT DISTINCT paid_on::text AS on FROM contributions c JOIN enrollments e USING (participant_id)
        WHERE e.id = $1 AND period = '2025-07-01'`,
      [id],
    );
    expect(rows).toEqual([{ on: '2025-07-20' }]);
    expect(await standing(id)).toEqual({ months: 2, class: 'IN_ARREARS' });
    await agrees();
  });

  it('[CON-12] of people nobody enrolled are counted as unknown and leave nothing', async () => {
    const { number } = await enrolled('2025-10-01');
    const before = await sums();
    const result = await recordContributions(program.intake, SYSTEM, 'test', [
      { nik: nik(9_000), period: '2025-10', paidOn: '2025-10-20', amount: 1 },
      { nik: nik(number), period: '2025-10', paidOn: '2025-10-20', amount: 1 },
    ]);
    expect(result.outcomes).toEqual(['UNKNOWN', 'ACCEPTED']);
    expect(await sums()).toMatchObject({
      enrolled: before['enrolled'],
      months_one: (before['months_one'] ?? 0) + 1,
      months_none: (before['months_none'] ?? 0) - 1,
    });
  });

  it('[CON-13] that come late and out of order move people to where they belong at once', async () => {
    const { number, id } = await enrolled('2025-05-20');
    expect(await standing(id)).toEqual({ months: 0, class: 'LAPSED' });
    await pay(number, 9);
    expect(await standing(id)).toEqual({ months: 1, class: 'RESUMED' });
    await pay(number, 5, [6, '2025-10-27'], 7, 8);
    expect(await standing(id)).toEqual({ months: 5, class: 'RESUMED' });
    const other = await enrolled('2025-05-20');
    await pay(other.number, 8, 5, 7, 6);
    expect(await standing(other.id)).toEqual({ months: 4, class: 'IN_ARREARS' });
    await pay(other.number, 9);
    expect(await standing(other.id)).toEqual({ months: 5, class: 'PAYING' });
    await agrees();
  });

  it('[CON-14] of somebody withdrawn count nowhere, until that person comes back', async () => {
    const { number, id } = await enrolled('2025-07-01');
    await pay(number, 7);
    const before = await sums();
    await withdraw(program.intake, BPJS, `w ${number}`, { enrollmentId: id, reason: 'MOVED_AWAY' });
    const without = await sums();
    expect(without['enrolled']).toBe((before['enrolled'] ?? 0) - 1);
    expect(await pay(number, 8, 9)).toMatchObject({ outcomes: ['ACCEPTED', 'ACCEPTED'] });
    expect(await sums()).toEqual(without);
    const back = await enroll(
      program.intake,
      BPJS,
      `b ${number}`,
      person(number, { neighborhood: FIRST, enrolledOn: '2025-07-01' }),
    );
    if (isRefusal(back)) throw new Error(back.refusal);
    expect(await standing(back.enrollmentId)).toEqual({ months: 3, class: 'PAYING' });
    await agrees();
  });

  it('[CON-14] of somebody not verified yet move no figure', async () => {
    const { number } = await enrolled('2025-07-01', KEPLING);
    const before = await sums();
    await pay(number, 7, 8);
    expect(await sums()).toEqual(before);
    await agrees();
  });

  it('[CON-15] that break leave nothing, and one line of audit tells of those that were taken', async () => {
    const { number } = await enrolled('2025-07-01');
    const lines = async () =>
      (await program.admin.query(`SELECT 1 FROM audit_log WHERE action = 'record-contributions'`)).rowCount ??
      0;
    const before = [await sums(), await lines()];
    await expect(
      recordContributions(program.intake, SYSTEM, 'test', [
        { nik: nik(number), period: '2025-07', paidOn: '2025-07-20', amount: 1 },
        { nik: nik(number), period: '2025-08', paidOn: '2025-08-40', amount: 1 },
      ]),
    ).rejects.toThrow();
    expect([await sums(), await lines()]).toEqual(before);
    await pay(number, 7, 8, 9);
    await pay(number, 7);
    expect(await lines()).toBe((before[1] as number) + 1);
  });
});
