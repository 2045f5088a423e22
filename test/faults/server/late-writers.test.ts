import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#server/base/clock.ts';
import { createLog } from '#server/base/log.ts';
import { isRefusal } from '#server/base/refusal.ts';
import { enroll } from '#server/domain/enrollments/enroll.ts';
import { withdraw } from '#server/domain/enrollments/withdraw.ts';
import { readOpening } from '#server/live/books.ts';
import { followBooks } from '#server/live/feed.ts';
import { snapshot } from '#server/store/transact.ts';
import { recountEveryRevision } from '#test/support/recount.ts';
import {
  BPJS,
  intakeOn,
  ledgerOn,
  openSmallProgram,
  person,
  type SmallProgram,
} from '#test/support/small-program.ts';
import { until } from '#test/support/wait.ts';
import { inForm, seeded } from './form.ts';

const WRITERS = 4;
const DESKS = 3;
const STEPS = inForm(25, 200);
const COMMIT_LATE_MS = 25;
const ROLLED_BACK = 0.05;
const IDLE_MS = inForm(3_000, 25_000);

const random = seeded('late writers');
let program: SmallProgram;
beforeAll(async () => {
  program = await openSmallProgram();
});
afterAll(() => program?.close());

/** A connection that commits late, now and then not at all, and once leaves its transaction idle for long. */
function commitsLate(client: pg.Client, idle: { isOwed: boolean }): pg.Client {
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const ask = async (...args: unknown[]) => {
    if (args[0] !== 'COMMIT') return await query(...args);
    await pause(random.next() * COMMIT_LATE_MS);
    if (idle.isOwed) {
      idle.isOwed = false;
      await pause(IDLE_MS);
    }
    if (random.chance(ROLLED_BACK)) {
      await query('ROLLBACK');
      throw new Error('rolled back by the test');
    }
    return await query('COMMIT');
  };
  return Object.assign(client, { query: ask });
}

test('[FLT-4] writers that commit late, roll back now and then, and once lie idle in a transaction: the feed misses nothing, tells nothing twice and nothing out of order', {
  timeout: 60_000 + inForm(0, 600_000),
}, async () => {
  const pool = program.store.pool('reader');
  const opening = await snapshot(pool, (tx) => readOpening(tx, 'medan'));
  const told: string[] = [];
  const feed = followBooks(
    { pool, clock: systemClock, log: createLog({ level: 'silent' }), open: () => Promise.reject() },
    opening,
    {
      posted: (entries) =>
        told.push(...entries.map((each) => `${each.revision} ${each.kind} ${each.enrollmentId}`)),
      opened: () => undefined,
      programChanged: () => undefined,
      grantsChanged: () => undefined,
    },
  );
  let isOver = false;
  const looking = (async () => {
    while (!isOver) await feed.look();
  })();

  const idle = { isOwed: true };
  let made = 0;
  const accepted = new Set<string>();
  const write = async () => {
    const store = await program.database.open();
    const connect = async () => commitsLate(await store.ledgerClient(), idle);
    const ledger = ledgerOn(store, program.clock, { connect });
    const intake = await intakeOn(store, program.clock, ledger);
    const atADesk = async () => {
      for (let step = 0; step < STEPS; step++) {
        const number = made++;
        const answer = await until(
          'an enrollment',
          () => enroll(intake, BPJS, `in ${number}`, person(number)),
          60_000,
        );
        if (isRefusal(answer)) throw new Error(`person ${number} was refused`);
        accepted.add(`ENROLLED ${answer.enrollmentId}`);
        if (!random.chance(0.2)) continue;
        const input = { enrollmentId: answer.enrollmentId, reason: 'ENTERED_IN_ERROR' } as const;
        await until('a withdrawal', () => withdraw(intake, BPJS, `out ${number}`, input), 60_000);
        accepted.add(`WITHDRAWN ${answer.enrollmentId}`);
      }
    };
    await Promise.all(Array.from({ length: DESKS }, atADesk));
    await ledger.close();
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  await feed.look();
  isOver = true;
  await looking;
  await feed.stop();

  const { rows } = await program.admin.query<{ line: string }>(
    `SELECT revision || ' ' || kind || ' ' || enrollment_id AS line FROM entries WHERE revision > $1
      ORDER BY revision, position`,
    [opening.look.ledger],
  );
  expect(told).toEqual(rows.map(({ line }) => line));
  expect(new Set(told.map((line) => line.replace(/^\d+ /, '')))).toEqual(accepted);
  expect(told).toHaveLength(accepted.size);
  expect(idle.isOwed).toBe(false);
  expect(await recountEveryRevision(program)).toEqual([]);
});
