import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Product } from '#test/support/product.ts';
import { until } from '#test/support/wait.ts';
import { type AskedOfPostgres, readAskedOfPostgres } from './asked-of-postgres.ts';
import { readBooks, untrueOf } from './books.ts';
import { type Follower, follow } from './followers.ts';
import { inForm, seeded } from './form.ts';
import { type OwnPostgres, startOwnPostgres } from './own-postgres.ts';
import { type Servers, startServers } from './servers.ts';
import { startWriters } from './writers.ts';

const SCREENS = inForm(300, 2_000);
const AWAY_MS = 1_000;
const BACK_P99_MS = 5_000;
/** How long is watched what the database is asked, from the start of the server on that the screens come back to. */
const WATCHED_MS = 9_000;
/** All of these screens are of one group. */
const SNAPSHOT_QUERIES_PER_SECOND = 4;

seeded('return');
let postgres: OwnPostgres;
let database: AskedOfPostgres;
let servers: Servers;
let screens: readonly Follower[] = [];
beforeAll(async () => {
  postgres = await startOwnPostgres();
  database = await readAskedOfPostgres(postgres.url);
  servers = await startServers(database);
});
afterAll(async () => {
  for (const screen of screens) screen.leave();
  await servers?.end();
  await database?.close();
  await postgres?.end();
});

interface Return {
  readonly killedAt: number;
  readonly readyAt: number;
  /** All that the database was asked from the start on, by statement. */
  readonly asked: ReadonlyMap<string, number>;
}

/** The server is killed and back after a second. */
async function killAndReturn(): Promise<Return> {
  await (servers.all[0] as Product).kill();
  const killedAt = performance.now();
  await until('a second to pass', () => performance.now() - killedAt > AWAY_MS);
  const startedAt = performance.now();
  await servers.again(0);
  const readyAt = performance.now();
  const isBack = ({ frames }: Follower) => (frames.at(-1)?.at ?? 0) > killedAt;
  await until('all screens to be back', () => screens.every(isBack), 60_000);
  await until('the time to have passed', () => performance.now() - startedAt > WATCHED_MS);
  const asked = new Map<string, number>();
  for (const { at, statement } of database.since(startedAt))
    if (at - startedAt < WATCHED_MS) asked.set(statement, (asked.get(statement) ?? 0) + 1);
  return { killedAt, readyAt, asked };
}

test('[FLT-8] a crowd of screens whose server is killed and back after a second: all come back, 99 of 100 within 5 s from ready, and not by questions to the database', async () => {
  const writers = startWriters(() => servers.all[0] as Product, 2);
  await until('some enrollments', () => writers.acknowledged.size > 20);
  await writers.stop();
  const { asked: askedAnyway } = await killAndReturn();

  screens = follow((servers.all[0] as Product).url, SCREENS, 3);
  await until('the first frames', () => screens.every(({ frames }) => frames.length > 0), 60_000);
  const { killedAt, readyAt, asked } = await killAndReturn();
  const tookMs = screens
    .map(({ frames }) => (frames.find(({ at }) => at > killedAt)?.at ?? Number.NaN) - readyAt)
    .sort((a, b) => a - b);
  expect(tookMs[Math.ceil(SCREENS * 0.99) - 1]).toBeLessThan(BACK_P99_MS);
  const more = [...asked]
    .map(([statement, times]) => ({ statement, times: times - (askedAnyway.get(statement) ?? 0) }))
    .filter(({ times }) => times > 0);
  const snapshotQueries = more.reduce((sum, { times }) => sum + times, 0);
  expect(snapshotQueries, more.map(({ statement }) => statement).join('\n')).toBeLessThanOrEqual(
    (SNAPSHOT_QUERIES_PER_SECOND * WATCHED_MS) / 1_000,
  );
  // That it was read at all.
  expect(askedAnyway.size).toBeGreaterThan(5);
  const books = await readBooks(await postgres.admin());
  expect(screens.flatMap(({ frames }) => untrueOf(books, frames))).toEqual([]);
  expect(screens.every(({ connections }) => connections === 2)).toBe(true);
});
