import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDays, jakartaTime } from '#server/base/day.ts';
import { isRefusal } from '#server/base/refusal.ts';
import { closeDays } from '#server/domain/contributions/close-day.ts';
import { recordContributions } from '#server/domain/contributions/record-contributions.ts';
import { enroll, enrollBatch } from '#server/domain/enrollments/enroll.ts';
import { checkSums } from '#server/live/check-sums.ts';
import { classesBySql, wronglyClassed } from '#test/support/classes-by-sql.ts';
import { heldClock } from '#test/support/held-clock.ts';
import { recountEveryRevision } from '#test/support/recount.ts';
import {
  BPJS,
  intakeOn,
  ledgerOn,
  nik,
  openSmallProgram,
  person,
  type SmallProgram,
  SYSTEM,
} from '#test/support/small-program.ts';

const LAUNCH = '2025-05-14';
const DAY_MS = 86_400_000;
const KEY_DAYS = 30;
let program: SmallProgram;

beforeEach(async () => {
  program = await openSmallProgram({ clock: heldClock(jakartaTime(LAUNCH, 9)) });
});
afterEach(() => program.close());

const close = () => closeDays(program.intake, SYSTEM);
const pass = (days: number) => program.clock.advance(days * DAY_MS);

async function closings(): Promise<readonly { day: string; revision: number }[]> {
  const { rows } = await program.admin.query<{ day: string; revision: number }>(
    'SELECT day::text AS day, revision FROM closings ORDER BY day',
  );
  return rows;
}

async function head(): Promise<{ revision: number; day: string | null }> {
  const { rows } = await program.admin.query<{ revision: number; day: string | null }>(
    'SELECT revision, closed_day::text AS day FROM ledger_heads',
  );
  return rows[0] as { revision: number; day: string | null };
}

async function enrollMany(from: number, count: number, enrolledOn?: string): Promise<void> {
  const people = Array.from({ length: count }, (_, index) =>
    person(from + index, enrolledOn ? { enrolledOn } : {}),
  );
  await enrollBatch(program.intake, BPJS, 'test', people);
}

const pay = (number: number, period: string, paidOn: string) =>
  recordContributions(program.intake, SYSTEM, 'test', [{ nik: nik(number), period, paidOn, amount: 16_800 }]);

describe('closing days', () => {
  it('[CON-8] closes every day that has ended, once each and in order, however many were missed', async () => {
    expect(await close()).toEqual([]);
    pass(1);
    expect(await close()).toEqual([LAUNCH]);
    expect(await close()).toEqual([]);
    pass(40);
    const missed = await close();
    expect(missed).toEqual(Array.from({ length: 40 }, (_, index) => addDays(LAUNCH, index + 1)));
    expect((await closings()).map(({ day }) => day)).toEqual([LAUNCH, ...missed]);
    expect(await head()).toMatchObject({ day: missed.at(-1) });
  });

  it('[CON-17] begins with the day before the program was founded, and knows what had fallen due by then', async () => {
    const late = await openSmallProgram({ clock: heldClock(jakartaTime('2025-10-29', 9)) });
    expect(await closeDays(late.intake, SYSTEM)).toEqual(['2025-10-28']);
    await enrollBatch(late.intake, BPJS, 'register', [person(1, { enrolledOn: LAUNCH })]);
    expect(wronglyClassed(await classesBySql(late.admin, '2025-10-28'))).toEqual([]);
    late.clock.advance(DAY_MS);
    expect(await closeDays(late.intake, SYSTEM)).toEqual(['2025-10-29']);
    await late.close();
  });

  it('[CON-8] closes each day once when two processes do it at the same time', async () => {
    pass(20);
    const second = await program.database.open();
    const ledger = ledgerOn(second, program.clock);
    const elsewhere = await intakeOn(second, program.clock, ledger);
    const days = await Promise.all([close(), closeDays(elsewhere, SYSTEM), close()]);
    await ledger.close();
    expect(days.flat().sort()).toEqual((await closings()).map(({ day }) => day));
    expect(days.flat()).toHaveLength(20);
  });

  it('[CON-9] takes no revision on a day that changes no figure, and keeps its sums all the same', async () => {
    await enrollMany(1, 12);
    const { revision } = await head();
    pass(10);
    await close();
    expect(await head()).toMatchObject({ revision });
    expect(new Set((await closings()).map((closing) => closing.revision))).toEqual(new Set([revision]));
    const { rows } = await program.admin.query(
      `SELECT c.day FROM closing_sums c JOIN neighborhood_sums s USING (neighborhood_id)
        WHERE (c.enrolled, c.target, c.too_new) IS DISTINCT FROM (s.enrolled, s.target, s.too_new)`,
    );
    expect(rows).toEqual([]);
  });

  it('[CON-10] puts everyone into the class that the books from scratch give, at each month end', async () => {
    await enrollMany(1, 30);
    for (let number = 1; number <= 30; number++) {
      for (let month = 5; month < 5 + (number % 9); month++) {
        const period = `2025-${String(month).padStart(2, '0')}`;
        const isLate = (number + month) % 4 === 0;
        await pay(number, period, isLate ? addDays(`${period}-28`, 20) : `${period}-20`);
      }
    }
    const seen = new Set<string>();
    for (let month = 0; month < 9; month++) {
      pass(30);
      await close();
      const people = await classesBySql(program.admin, (await head()).day as string);
      expect(wronglyClassed(people)).toEqual([]);
      for (const one of people) seen.add(one.class);
      expect(await checkSums(program.store.pool('reader'), 1, null)).toEqual([]);
    }
    expect(seen).toEqual(new Set(['TOO_NEW', 'STOPPED', 'PAYING', 'IN_ARREARS', 'LAPSED', 'RESUMED']));
    const months = await program.admin.query(
      `SELECT min(c.day)::text AS day FROM closings c JOIN entries e ON e.revision = c.revision
        WHERE e.kind = 'CLASSIFIED' GROUP BY c.revision`,
    );
    for (const { day } of months.rows as { day: string }[]) expect(addDays(day, 1)).toMatch(/-01$/);
    expect(await recountEveryRevision(program)).toEqual([]);
  });

  it('[CON-10] counts who is entered late as the months since then would have made them', async () => {
    pass(100);
    await close();
    await enrollMany(1, 6, '2025-05-20');
    await enrollMany(7, 6, '2025-08-01');
    await pay(1, '2025-05', '2025-05-25');
    await pay(2, '2025-07', '2025-09-25');
    expect(wronglyClassed(await classesBySql(program.admin, '2025-08-21'))).toEqual([]);
    pass(60);
    await close();
    expect(wronglyClassed(await classesBySql(program.admin, (await head()).day as string))).toEqual([]);
  });

  it('[CON-11] changes no figure of a past revision: totals hang on (epoch, revision) alone', async () => {
    await enrollMany(1, 20);
    await pay(1, '2025-05', '2025-05-20');
    const told = async (newest: number) =>
      (
        await program.admin.query(
          'SELECT revision, neighborhood_id, enrolled, months_one, too_new, stopped FROM entries WHERE revision <= $1 ORDER BY revision, position',
          [newest],
        )
      ).rows;
    const { revision } = await head();
    const before = await told(revision);
    pass(120);
    await close();
    expect((await head()).revision).toBeGreaterThan(revision);
    expect(await told(revision)).toEqual(before);
    expect(await recountEveryRevision(program)).toEqual([]);
  });

  it('[CON-11] does it while people are enrolled, and loses neither', async () => {
    pass(60);
    const [, answers] = await Promise.all([
      close(),
      Promise.all(
        Array.from({ length: 80 }, (_, number) =>
          enroll(program.intake, BPJS, `k${number}`, person(number, { enrolledOn: LAUNCH })),
        ),
      ),
    ]);
    expect(answers.some((answer) => isRefusal(answer))).toBe(false);
    expect(wronglyClassed(await classesBySql(program.admin, (await head()).day as string))).toEqual([]);
    expect(await recountEveryRevision(program)).toEqual([]);
  });

  it('[ENR-19] an answer is kept with its key for thirty days, and after that the person still counts once', async () => {
    const first = await enroll(program.intake, BPJS, 'key', person(1));
    pass(KEY_DAYS);
    await close();
    const again = { ...first, written: null };
    expect(await enroll(program.intake, BPJS, 'key', { ...person(1) })).toEqual(again);
    pass(2);
    await close();
    expect(await enroll(program.intake, BPJS, 'key', person(1))).toMatchObject({
      refusal: 'DuplicateEnrollment',
    });
  });
});
