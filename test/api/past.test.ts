import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PAST_LIMITS } from '#server/domain/metrics/past.ts';
import { renewEpoch } from '#server/domain/program/renew-epoch.ts';
import { openTestApp, type TestApp } from '#test/support/app.ts';
import { enrollInput, sendEnroll } from '#test/support/enroll.ts';
import { until } from '#test/support/wait.ts';

let app: TestApp;
/** Sees what all others ask of PostgreSQL. */
let observer: pg.Client;
let newest = 0;
beforeAll(async () => {
  app = await openTestApp();
  observer = await app.database.admin();
  for (let number = 0; number < 14; number++) {
    const answer = await sendEnroll(app.ask, enrollInput(number, '12.71.14.1001-001'), app.key('bpjs'));
    newest = Number(answer.revision);
  }
});
afterAll(() => app?.close());

const { publicRunning, publicWaiting } = PAST_LIMITS;
const codes = [
  '12.71',
  ...Array.from({ length: 21 }, (_, index) => `12.71.${String(index + 1).padStart(2, '0')}`),
];
/** All different: no answer to one is an answer to another. */
const questions = Array.from({ length: publicRunning + publicWaiting + 10 }, (_, index) => ({
  code: codes[index % codes.length] as string,
  revision: newestMinus(Math.floor(index / codes.length)),
}));
function newestMinus(back: number): () => number {
  return () => newest - back;
}

interface Told {
  readonly area: { readonly totals: { readonly revision: number; readonly enrolled: number } };
}
const ask = async ({ code, revision }: { code: string; revision: () => number }) =>
  app.ask<Told | null>(
    `{ area(code: "${code}") { totals(atRevision: ${revision()}) { revision enrolled } } }`,
  );

/** Whatever is asked of the days that were closed waits while `work` goes on. */
async function whileBooksAreShut(work: () => Promise<void>): Promise<void> {
  const admin = await app.database.admin();
  await admin.query('BEGIN; LOCK TABLE closings IN ACCESS EXCLUSIVE MODE');
  await work().finally(() => admin.query('COMMIT'));
}

/** Questions about the past that PostgreSQL works on. */
async function running(): Promise<number> {
  const { rows } = await observer.query<{ running: number }>(
    `SELECT count(*)::int AS running FROM pg_locks l JOIN pg_stat_activity a USING (pid)
      WHERE NOT l.granted AND a.datname = current_database() AND a.query LIKE '%revision <= $2%'`,
  );
  return rows[0]?.running ?? 0;
}

test('[MET-42] of a crowd that asks about the past two run, 256 wait, and the rest is refused at once', async () => {
  const refused = () => settled.filter(({ errors }) => errors !== undefined);
  const settled: Awaited<ReturnType<typeof ask>>[] = [];
  const all: Promise<unknown>[] = [];
  await whileBooksAreShut(async () => {
    for (const question of questions) all.push(ask(question).then((answer) => settled.push(answer)));
    await until('those without room to be refused', () => settled.length === 10);
    expect(refused().map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(
      Array.from({ length: 10 }, () => 'RATE_LIMITED'),
    );
    await until('the first to reach the database', async () => (await running()) === publicRunning);
  });
  await Promise.all(all);
  expect(refused()).toHaveLength(10);
  expect(settled).toHaveLength(questions.length);
  // Everybody's turn came back.
  const again = await Promise.all(questions.slice(0, publicRunning + publicWaiting).map(ask));
  expect(again.every(({ errors }) => errors === undefined)).toBe(true);
});

test('[MET-42] what was answered is answered again without the database, until the epoch is another', async () => {
  const question = { code: '12.71.14', revision: newestMinus(2) };
  const first = await ask(question);
  expect(first.data?.area.totals).toEqual({ revision: newest - 2, enrolled: 12 });
  await whileBooksAreShut(async () => {
    expect(await ask(question)).toEqual(first);
    expect(await running()).toBe(0);
  });
  const epoch = async () =>
    (await app.ask<{ program: { epoch: string } }>('{ program { epoch } }')).data.program.epoch;
  const next = '01234567-89ab-cdef-0123-456789abcdef';
  await renewEpoch(app.database.store.prisma, 1, next);
  await until('the other epoch', async () => (await epoch()) === next);
  let answer: Promise<unknown> | null = null;
  await whileBooksAreShut(async () => {
    answer = ask(question);
    await until('it to be asked of the database', async () => (await running()) === 1);
  });
  expect(await answer).toEqual(first);
});

test('[MET-42] a revision that is still to come is not remembered as missing', async () => {
  const question = { code: '12.71.14', revision: () => newest + 1 };
  expect((await ask(question)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  await sendEnroll(app.ask, enrollInput(50, '12.71.14.1001-001'), app.key('bpjs'));
  expect((await ask(question)).data?.area.totals).toEqual({ revision: newest + 1, enrolled: 15 });
});
