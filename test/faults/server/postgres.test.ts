import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAlive } from '#server/store/is-alive.ts';
import type { Product } from '#test/support/product.ts';
import { until } from '#test/support/wait.ts';
import { newestOf, readBooks, untrueOf } from './books.ts';
import { type FaultFrame, type Follower, follow } from './followers.ts';
import { inForm, seeded } from './form.ts';
import { type OwnPostgres, startOwnPostgres } from './own-postgres.ts';
import { type Servers, startServers } from './servers.ts';
import { lostOf, startWriters } from './writers.ts';

const SCREENS = 40;
const WRITERS = 4;
const TRUE_AGAIN_MS = 5_000;
/** The server looks four times a second: by then it has seen that the database is away. */
const NOTICED_MS = 1_000;
/** Longer than a heartbeat takes, so that one that should not come would. */
const AWAY_MS = 7_000;
const TERMINATE_EVERY_MS = 200;

const random = seeded('postgres');
let postgres: OwnPostgres;
let servers: Servers;
let server: Product;
let screens: readonly Follower[];
beforeAll(async () => {
  postgres = await startOwnPostgres();
  servers = await startServers(postgres);
  server = servers.all[0] as Product;
  screens = follow(server.url, SCREENS);
  await until('the first frames', () => screens.every(({ frames }) => frames.length > 0));
});
afterAll(async () => {
  for (const screen of screens ?? []) screen.leave();
  await servers?.end();
  await postgres?.end();
});

/** Waits until every screen shows what is in the books by now, or something newer; gives how long it took at most, from `sinceMs` on. */
async function untilTrueAgain(sinceMs: number): Promise<number> {
  const admin = await postgres.admin();
  const newest = newestOf(await readBooks(admin));
  await admin.end();
  const firstTrue = ({ frames }: Follower): FaultFrame | undefined =>
    frames.find(({ at, kind, revision }) => at >= sinceMs && kind !== 'SUSPENDED' && revision >= newest);
  await until('every screen to be true again', () => screens.every(firstTrue), 30_000);
  return Math.max(...screens.map((screen) => (firstTrue(screen)?.at ?? Number.NaN) - sinceMs));
}

async function untrueOnScreens(): Promise<readonly string[]> {
  const books = await readBooks(await postgres.admin());
  return screens.flatMap(({ frames }) => untrueOf(books, frames));
}

const passed = (sinceMs: number, ms: number) =>
  until(`${ms} ms to pass`, () => performance.now() - sinceMs > ms, ms + 5_000);

test('[FLT-1] PostgreSQL stopped immediately and restarted, twice: the server stays the process it was, no heartbeat meanwhile, nothing acknowledged lost, every screen true within 5 s', async () => {
  const writers = startWriters(() => server, WRITERS);
  for (const round of [1, 2]) {
    const enough = writers.acknowledged.size + random.between(20, 100);
    await until('some enrollments', () => writers.acknowledged.size >= enough);
    await postgres.stopImmediately();
    const stoppedAt = performance.now();
    await passed(stoppedAt, NOTICED_MS);
    expect(isAlive(server.pid), server.said().slice(-2_000)).toBe(true);
    const { length: known } = screens[0]?.frames ?? [];
    await passed(stoppedAt, round === 1 ? AWAY_MS : random.between(NOTICED_MS, AWAY_MS));
    expect(await server.isReady()).toBe(false);
    expect(screens[0]?.frames.slice(known)).toEqual([]);
    const meanwhile = screens.flatMap(({ frames }) =>
      frames.filter(({ at }) => at > stoppedAt + NOTICED_MS && at < performance.now()),
    );
    expect(meanwhile).toEqual([]);
    await postgres.start();
    expect(await untilTrueAgain(performance.now())).toBeLessThan(TRUE_AGAIN_MS);
  }
  await writers.stop();
  expect(writers.failures).toBeGreaterThan(0);
  expect(isAlive(server.pid)).toBe(true);
  expect(await untrueOnScreens()).toEqual([]);
  expect(await lostOf(server, writers)).toEqual([]);
  // Not one socket had to come back: the trouble was behind the server.
  expect(screens.map(({ connections }) => connections)).toEqual(screens.map(() => 1));
});

test('[FLT-2] its backends terminated five times a second: the server stays the process it was, nothing acknowledged lost or counted twice, every screen true within 5 s', async () => {
  const admin = await postgres.admin();
  const writers = startWriters(() => server, WRITERS, 1_000_000);
  const startedAt = performance.now();
  let terminated = 0;
  for (let at = 0; performance.now() - startedAt < inForm(5_000, 30_000); at += TERMINATE_EVERY_MS) {
    await passed(startedAt, at);
    const { rowCount } = await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'kepling%'`,
    );
    terminated += rowCount ?? 0;
  }
  const endedAt = performance.now();
  expect(isAlive(server.pid), server.said().slice(-2_000)).toBe(true);
  const trueAgain = await untilTrueAgain(endedAt);
  await until('the server to be ready', server.isReady);
  await writers.stop();
  expect(terminated).toBeGreaterThan(20);
  expect(trueAgain).toBeLessThan(TRUE_AGAIN_MS);
  expect(isAlive(server.pid)).toBe(true);
  expect(await untrueOnScreens()).toEqual([]);
  expect(await lostOf(server, writers)).toEqual([]);
  const { rows } = await admin.query(
    `SELECT (SELECT count(*) FROM enrollments) = (SELECT sum(enrolled) FROM entries) AS agree,
            (SELECT count(*) FROM enrollments) = (SELECT count(*) FROM participants) AS once`,
  );
  expect(rows).toEqual([{ agree: true, once: true }]);
});
