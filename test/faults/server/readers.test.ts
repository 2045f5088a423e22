import { afterAll, beforeAll, expect, test } from 'vitest';
import { SOCKET_LIMITS } from '#server/http/http-limits.ts';
import type { Product } from '#test/support/product.ts';
import { watchMemory } from '#test/support/run-import.ts';
import { until } from '#test/support/wait.ts';
import { isLong } from '../seed.ts';
import { readBooks, untrueOf } from './books.ts';
import { addressOf, type Follower, follow } from './followers.ts';
import { inForm, seeded } from './form.ts';
import { type OwnPostgres, startOwnPostgres } from './own-postgres.ts';
import { INIT, OPCODE, openRaw, type RawClient, subscribeTo } from './raw-client.ts';
import { type Servers, startServers } from './servers.ts';
import { startWriters } from './writers.ts';

const DEAF = inForm(20, 100);
const HEALTHY = 20;
const LASTS_MS = inForm(6_000, 60_000);
const PONG_EVERY_MS = 1_000;
const DESKS = 40;
const MEMORY_MB = 50;
const DELAY_RATIO = 1.2;
/** A frame of about 20 KB, so that the network's own buffers fill up. */
const LARGE = `subscription { totalsChanged(parts: DISTRICT) { epoch revision kind parts {
  ${Array.from({ length: 9 }, (_, i) => `a${i}: area { name }`).join(' ')} totals { enrolled target gap } } } }`;

seeded('readers');
let postgres: OwnPostgres;
let servers: Servers;
let server: Product;
let screens: readonly Follower[];
beforeAll(async () => {
  postgres = await startOwnPostgres();
  servers = await startServers(postgres);
  server = servers.all[0] as Product;
  screens = follow(server.url, HEALTHY);
  await until('the first frames', () => screens.every(({ frames }) => frames.length > 0));
});
afterAll(async () => {
  for (const screen of screens ?? []) screen.leave();
  await servers?.end();
  await postgres?.end();
});

/** Asks for frames, takes none of them, and says all the while that it is there. */
async function openDeaf(index: number): Promise<RawClient> {
  const client = await openRaw(server.url, addressOf(10_000 + index));
  client.frame(OPCODE.TEXT, INIT);
  await until('the acknowledgement', () => client.heard.includes('connection_ack'));
  client.frame(OPCODE.TEXT, subscribeTo('1', LARGE));
  await until('a frame', () => client.heard.includes('"next"'));
  client.stopReading();
  return client;
}

/** Enrolls without pause for so long; gives between which moments, and the pause that 99 of 100 frames came within. */
async function load(first: number, lastsMs: number): Promise<{ from: number; pauseMs: number }> {
  const from = performance.now();
  const writers = startWriters(() => server, DESKS, first);
  await until('the time to pass', () => performance.now() - from > lastsMs, lastsMs + 5_000);
  await writers.stop();
  const pauses = screens.flatMap(({ frames }) => {
    const taken = frames.filter(({ at }) => at > from);
    return taken.slice(1).map(({ at }, index) => at - (taken[index]?.at ?? at));
  });
  pauses.sort((a, b) => a - b);
  return { from, pauseMs: pauses[Math.floor(pauses.length * 0.99)] ?? Number.NaN };
}

test('[FLT-9] readers that never read and send pongs unasked: memory grows by 50 MB at most, and the others get every state in time', {
  timeout: 120_000 + 3 * LASTS_MS,
}, async () => {
  const { pauseMs: before } = await load(0, LASTS_MS);
  const memory = watchMemory(server.pid);
  const deaf = await Promise.all(Array.from({ length: DEAF }, (_, index) => openDeaf(index)));
  const ponging = setInterval(() => {
    for (const client of deaf) client.frame(OPCODE.PONG, 'here');
  }, PONG_EVERY_MS);
  const { from, pauseMs } = await load(100_000, LASTS_MS);
  clearInterval(ponging);
  expect(memory.stop() - memory.firstMb).toBeLessThan(MEMORY_MB);
  const books = await readBooks(await postgres.admin());
  expect(screens.flatMap(({ frames }) => untrueOf(books, frames))).toEqual([]);
  expect(screens.every(({ connections }) => connections === 1)).toBe(true);
  for (const { frames } of screens)
    expect(frames.filter(({ at }) => at > from).length).toBeGreaterThan(LASTS_MS / 1_000);
  if (isLong) {
    expect(pauseMs / before).toBeLessThan(DELAY_RATIO);
    const cutAfterMs = 2 * SOCKET_LIMITS.pingMs + SOCKET_LIMITS.stalledMs;
    await until(
      'all of them to be cut',
      () => {
        for (const client of deaf) client.frame(OPCODE.PONG, 'here');
        return deaf.every(({ closedAt }) => closedAt !== null);
      },
      cutAfterMs,
    );
  }
  for (const client of deaf) client.destroy();
});
