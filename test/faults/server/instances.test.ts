import { afterAll, beforeAll, expect, test } from 'vitest';
import { acceptFrame } from '#client/live/accept-frame.ts';
import { enrollInput, sendEnroll } from '#test/support/enroll.ts';
import type { Product } from '#test/support/product.ts';
import { until } from '#test/support/wait.ts';
import { isLong } from '../seed.ts';
import { newestOf, readBooks, untrueOf } from './books.ts';
import { type FaultFrame, type Follower, follow } from './followers.ts';
import { inForm, seeded } from './form.ts';
import { type OwnPostgres, startOwnPostgres } from './own-postgres.ts';
import { type RoundRobin, startRoundRobin } from './round-robin.ts';
import { type Servers, startServers } from './servers.ts';
import { lostOf, startWriters } from './writers.ts';

const INSTANCES = inForm(3, 4);
const SCREENS = 30;
const THROUGH_MS = 2_000;
const BACK_MS = 10_000;

const random = seeded('instances');
let postgres: OwnPostgres;
let servers: Servers;
let proxy: RoundRobin;
let screens: readonly Follower[];
beforeAll(async () => {
  postgres = await startOwnPostgres();
  servers = await startServers(postgres, INSTANCES);
  proxy = await startRoundRobin(servers.all.map(({ url }) => Number(new URL(url).port)));
  screens = follow(proxy.url, SCREENS);
  await until('the first frames', () => screens.every(({ frames }) => frames.length > 0));
});
afterAll(async () => {
  for (const screen of screens ?? []) screen.leave();
  await proxy?.close();
  await servers?.end();
  await postgres?.end();
});

const all = () => servers.all as Product[];

/** What a page that gets these frames shows of them, one after another. */
function shownOf(frames: readonly FaultFrame[]): readonly FaultFrame[] {
  let held: FaultFrame | null = null;
  const shown: FaultFrame[] = [];
  for (const frame of frames) {
    if (acceptFrame(held, frame as never) !== 'figures') continue;
    held = frame;
    shown.push(frame);
  }
  return shown;
}

async function untilAllShow(revision: number, limitMs: number): Promise<void> {
  const shows = ({ frames }: Follower) => (frames.at(-1)?.revision ?? 0) >= revision;
  await until(`every screen to show revision ${revision}`, () => screens.every(shows), limitMs);
}

test('[INS-1] an enrollment through any instance is on the screens of all', async () => {
  for (const [index, server] of all().entries()) {
    const { revision } = await sendEnroll(server.ask, enrollInput(9_000 + index), server.key('bpjs'));
    await untilAllShow(revision, THROUGH_MS);
  }
});

test('[INS-2] instances are killed one after another under mutations: their screens come back on another and are true, no number goes back within an epoch, nothing acknowledged is lost', async () => {
  const gone = new Set<Product>();
  const standing = (attempt: number) => {
    const left = all().filter((server) => !gone.has(server));
    return left[attempt % left.length] as Product;
  };
  const writers = startWriters(standing, 4);
  for (const [index, server] of all()
    .slice(0, isLong ? INSTANCES : -1)
    .entries()) {
    const enough = writers.acknowledged.size + random.between(20, 80);
    await until('some enrollments', () => writers.acknowledged.size >= enough);
    const before = screens.map(({ connections }) => connections);
    gone.add(server);
    await server.kill();
    const moved = () => screens.filter(({ connections }, at) => connections > (before[at] ?? 0));
    await until('its screens to be let in elsewhere', () => moved().length > 0, BACK_MS);
    await untilAllShow(newestOf(await readBooks(await postgres.admin())), BACK_MS);
    // Only those that stood on it had to move.
    expect(moved().length).toBeLessThan(SCREENS);
    if (!isLong) continue;
    await servers.again(index);
  }
  await writers.stop();
  await untilAllShow(newestOf(await readBooks(await postgres.admin())), BACK_MS);

  const books = await readBooks(await postgres.admin());
  expect(screens.flatMap(({ frames }) => untrueOf(books, shownOf(frames)))).toEqual([]);
  expect(new Set(screens.flatMap(({ frames }) => frames.map(({ epoch }) => epoch))).size).toBe(1);
  // Asked of an instance that did not acknowledge most of it.
  expect(await lostOf(standing(0), writers)).toEqual([]);
});
