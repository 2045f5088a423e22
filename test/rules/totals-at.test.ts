import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jakartaTime } from '#server/base/day.ts';
import { closeDays } from '#server/domain/contributions/close-day.ts';
import { recordContributions } from '#server/domain/contributions/record-contributions.ts';
import { enroll } from '#server/domain/enrollments/enroll.ts';
import { gap, rate } from '#server/domain/metrics/rates.ts';
import { revisionAt, totalsAt } from '#server/domain/metrics/totals-at.ts';
import type { AreaFigures } from '#server/live/figures.ts';
import { heldClock } from '#test/support/held-clock.ts';
import { openLiveOn } from '#test/support/live-on.ts';
import {
  BPJS,
  CITY,
  nik,
  openSmallProgram,
  person,
  type SmallProgram,
  SYSTEM,
} from '#test/support/small-program.ts';
import { until } from '#test/support/wait.ts';

const DAY_MS = 86_400_000;
interface Recorded extends Omit<AreaFigures, 'areaId'> {
  readonly asOf: number;
}

let program: SmallProgram;
/** What the server that ran then showed, by `revision code`. */
const recorded = new Map<string, Recorded>();
let newest = 0;

beforeAll(async () => {
  program = await openSmallProgram({ clock: heldClock(jakartaTime('2025-05-14', 9)) });
  // By a clock of its own: days that pass would be hundreds of thousands of polls.
  const live = await openLiveOn(program, { clock: heldClock() });
  const record = async () => {
    const { rows } = await program.admin.query<{ revision: number }>('SELECT revision FROM ledger_heads');
    newest = rows[0]?.revision ?? 0;
    await until('memory to be there', () => live.revision === newest);
    for (const { code } of program.intake.areas.all) {
      const found = live.totals(code);
      if (!found) throw new Error(code);
      const { areaId: _, ...area } = found.area;
      recorded.set(`${newest} ${code}`, { ...area, asOf: found.asOf });
    }
  };
  await record();
  // From before the first closing over month ends to well behind the last.
  for (let step = 1; step <= 60; step++) {
    await enroll(program.intake, BPJS, `t ${step}`, person(step));
    await record();
    if (step % 7 === 0) {
      await recordContributions(program.intake, SYSTEM, 'test', [
        { nik: nik(step), period: '2025-06', paidOn: '2025-06-20', amount: 1 },
      ]);
      await record();
    }
    if (step > 5 && step < 50) {
      program.clock.advance(DAY_MS);
      await closeDays(program.intake, SYSTEM);
      await record();
    }
  }
  await live.close();
});
afterAll(() => program.close());

const past = (code: string, revision: number) =>
  totalsAt(
    program.store.pool('reader'),
    1,
    program.intake.areas.neighborhoodIds(program.area(code)),
    revision,
  );

describe('totals of the past', () => {
  it('[MET-1] are what memory showed then, for every area at every revision, whichever closings lie between', async () => {
    const { rows } = await program.admin.query<{ revision: number }>(
      'SELECT DISTINCT revision FROM closings ORDER BY 1',
    );
    const first = rows[0]?.revision ?? 0;
    const last = rows.at(-1)?.revision ?? 0;
    expect(first).toBeGreaterThan(3);
    expect(last).toBeLessThan(newest - 5);
    expect(recorded.size).toBe(newest * program.intake.areas.all.length);
    for (const [name, then] of recorded) {
      const [revision, code] = name.split(' ') as [string, string];
      const { figures, even, neighborhoods, complete, asOf } = then;
      expect(await past(code, Number(revision))).toEqual({
        revision: Number(revision),
        asOf,
        figures,
        even,
        neighborhoods,
        complete,
      });
    }
  });

  it('[MET-1] do not exist where the ledger has no such revision', async () => {
    for (const revision of [0, -1, newest + 1]) expect(await past(CITY, revision)).toBeNull();
  });

  it('[MET-2] of a moment are those of the newest revision posted by then', async () => {
    const pool = program.store.pool('reader');
    const { rows } = await program.admin.query<{ at: Date; newest: number }>(
      'SELECT posted_at AS at, max(revision) AS newest FROM postings GROUP BY 1 ORDER BY 1',
    );
    for (const { at, newest: expected } of rows) {
      expect(await revisionAt(pool, 1, at.getTime())).toBe(expected);
      expect(await revisionAt(pool, 1, at.getTime() + 1_000)).toBe(expected);
    }
    expect(await revisionAt(pool, 1, (rows[0] as { at: Date }).at.getTime() - 1)).toBeNull();
  });

  it('[MET-3] give a rate from two whole numbers, none without a target, and no gap beyond it', () => {
    expect([rate(1, 3), rate(0, 3), rate(4, 3), rate(3, 0)]).toEqual([1 / 3, 0, 4 / 3, null]);
    expect([gap(1, 3), gap(3, 3), gap(5, 3)]).toEqual([2, 0, 0]);
  });
});
