import type { Pool } from 'pg';
import type { PrismaClient } from '#prisma/generated/client/client.ts';
import type { Clock } from '#server/base/clock.ts';
import { addDays, jakartaTime } from '#server/base/day.ts';
import { isRefusal } from '#server/base/refusal.ts';
import type { Actor } from '#server/domain/access/policy.ts';
import { readAreaTree } from '#server/domain/areas/read-area-tree.ts';
import { closeDays } from '#server/domain/contributions/close-day.ts';
import { recordContributions } from '#server/domain/contributions/record-contributions.ts';
import { enrollBatch } from '#server/domain/enrollments/enroll.ts';
import type { Intake } from '#server/domain/enrollments/intake.ts';
import { DEMONSTRATION_OPENS } from '#server/domain/program/charter.ts';
import { openProgram } from '#server/domain/program/open-program.ts';
import type { ProgramClock } from '#server/domain/program/program-clock.ts';
import { PAYMENTS_UNTIL } from './payments.ts';
import { type DemoDay, planDemonstration } from './plan.ts';

/** Rows of one commit: few enough that the board, which is served meanwhile, sees the count rise. */
const ROWS_PER_COMMIT = 500;
/** When a past day's people were entered, Jakarta time. On the morning of the ceremony: before it opened. */
const POSTED_AT_HOUR = 16;
const POSTED_BEFORE_OPENING_HOUR = 8;

export interface DemonstrationWork {
  readonly intake: Intake;
  readonly programClock: ProgramClock;
  readonly actor: Actor;
  readonly prisma: PrismaClient;
  readonly pool: Pool;
  readonly wall: Clock;
  /** Told after each day: days done, of how many, and people enrolled so far. */
  readonly progress?: (done: number, of: number, enrolled: number) => void;
  /** Tells the database how large its tables have become: it plans by that. */
  readonly analyze: () => Promise<void>;
  /** Rung when the program opens. */
  readonly ring: () => void;
}

/**
 * Loads the demonstration through the program's own commands, day by day at the time of each day, and opens it on
 * the morning of the ceremony. Broken off, it goes on where it stopped: a closed day is done, and on the day it was
 * in a person counts once.
 */
export async function loadDemonstration(work: DemonstrationWork): Promise<void> {
  const { programClock, prisma, pool, wall } = work;
  const intake: Intake = { ...work.intake, isLoader: true };
  const programId = intake.program().id;
  const { days } = planDemonstration(readAreaTree());
  const closedDay = await readClosedDay(pool, programId);
  let enrolled = 0;
  try {
    for (const [index, day] of days.entries()) {
      enrolled += day.enrollments.length;
      if (closedDay !== null && day.day <= closedDay) continue;
      await loadDay({ ...work, intake }, day);
      work.progress?.(index + 1, days.length, enrolled);
    }
    await work.analyze();
    const { day, hours, minutes } = DEMONSTRATION_OPENS;
    const wallMs = wall.now();
    await openProgram(prisma, programId, wallMs, wallMs - jakartaTime(day, hours, minutes), PAYMENTS_UNTIL);
  } finally {
    programClock.hold(null);
  }
  work.ring();
}

async function loadDay({ intake, programClock, actor }: DemonstrationWork, day: DemoDay): Promise<void> {
  const isOpeningDay = day.day === DEMONSTRATION_OPENS.day;
  programClock.hold(jakartaTime(day.day, isOpeningDay ? POSTED_BEFORE_OPENING_HOUR : POSTED_AT_HOUR));
  for (const [part, people] of inParts(day.enrollments).entries()) {
    const outcomes = await enrollBatch(intake, actor, `demonstration ${day.day} ${part + 1}`, people);
    for (const { answer } of outcomes) {
      if (isRefusal(answer) && answer.refusal !== 'DuplicateEnrollment') {
        throw new Error(
          `The demonstration's own person was refused: ${answer.refusal} ${answer.problem ?? ''}`,
        );
      }
    }
  }
  for (const [part, payments] of inParts(day.contributions).entries()) {
    await recordContributions(intake, actor, `demonstration ${day.day} ${part + 1}`, payments);
  }
  if (isOpeningDay) return;
  programClock.hold(jakartaTime(addDays(day.day, 1)));
  await closeDays(intake, actor);
}

function inParts<T>(rows: readonly T[]): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let at = 0; at < rows.length; at += ROWS_PER_COMMIT) parts.push(rows.slice(at, at + ROWS_PER_COMMIT));
  return parts;
}

async function readClosedDay(pool: Pool, programId: number): Promise<string | null> {
  const { rows } = await pool.query<{ closedDay: string | null }>(
    'SELECT closed_day::text AS "closedDay" FROM ledger_heads WHERE program_id = $1',
    [programId],
  );
  return rows[0]?.closedDay ?? null;
}
