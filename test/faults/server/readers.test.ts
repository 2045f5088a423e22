import { afterAll, beforeAll, expect, test } from 'vitest';
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
import { enrollAtRate } from './writers.ts';

const DEAF = inForm(20, 100);
const HEALTHY = 20;
const LASTS_MS = inForm(6_000, 60_000);
const PONG_EVERY_MS = 1_000;
/** Of each: the network's own buffers, 4 MB, are full after ten seconds of one, and after a second of ten. */
const SUBSCRIPTIONS = inForm(10, 1);
/**
 * What the server holds without them is about 110 MB. With all of the machine's memory to itself it lets rubbish lie up to
 * three times that, by chance, and what readers cost would be lost in it.
 */
const HEAP_MB = 192;
const PER_SECOND = inForm(200, 500);
const MEMORY_MB = 50;
const DELAY_RATIO = 1.2;
/** A frame of about 40 KB, so that the network's own buffers fill up before its reader is cut for other reasons. */
const LARGE = `subscription { totalsChanged(parts: DISTRICT) { epoch revision kind parts {
  ${Array.from({ length: 20 }, (_, i) => `${'a'.repeat(62)}${10 + i}: area { name }`).join(' ')} totals { enrolled target gap } } } }`;

seeded('readers');
let postgres: OwnPostgres;
let servers: Servers;
let server: Product;
let screens: readonly Follower[];
/** Wall clock less program time. */
let offsetMs: number;
beforeAll(async () => {
  postgres = await startOwnPostgres();
  servers = await startServers(postgres, 1, { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` });
  server = servers.all[0] as Product;
  const { rows } = await (await postgres.admin()).query<{ ms: number }>(
    'SELECT clock_offset_ms::int8::float8 AS ms FROM programs',
  );
  offsetMs = rows[0]?.ms ?? Number.NaN;
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
  // An id of its own: what waits for it is shared with nobody.
  for (let each = 0; each < SUBSCRIPTIONS; each++)
    client.frame(OPCODE.TEXT, subscribeTo(`deaf ${index} ${each}`, LARGE));
  await until('a frame', () => client.heard.includes('"next"'));
  client.stopReading();
  return client;
}

/** So many of them at any time: whoever is cut comes again. `stop` lets go of all and gives how often one was cut. */
async function keepDeaf(count: number): Promise<{ stop(): Promise<number> }> {
  const deaf = await Promise.all(Array.from({ length: count }, (_, index) => openDeaf(index)));
  let cuts = 0;
  const visit = async (client: RawClient, index: number) => {
    client.frame(OPCODE.PONG, 'here');
    if (client.closedAt === null) return;
    client.destroy();
    cuts += 1;
    deaf[index] = await openDeaf(index);
  };
  let visiting: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    visiting = visiting.then(() => Promise.all(deaf.map(visit)));
    // Told by `stop`.
    visiting.catch(() => undefined);
  }, PONG_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await visiting;
      for (const client of deaf) client.destroy();
      return cuts;
    },
  };
}

interface Load {
  /** The most that the server had, in MB. */
  readonly memoryMb: number;
  /** From commit to screen, in milliseconds, of every frame on every screen. */
  readonly delaysMs: readonly number[];
}

/** So many enrollments a second, each person once; throws where the server did not keep up. */
async function underLoad(first: number): Promise<Load> {
  const from = performance.now();
  const memory = watchMemory(server.pid);
  const refusals = await enrollAtRate(server, { perSecond: PER_SECOND, lastsMs: LASTS_MS, first });
  const memoryMb = memory.stop();
  expect(refusals).toEqual([]);
  const delaysMs = screens
    .flatMap(({ frames }) => frames)
    .filter(({ at, committedAt }) => at > from && committedAt !== null)
    .map(({ at, committedAt }) => performance.timeOrigin + at - offsetMs - Date.parse(committedAt as string));
  return { memoryMb, delaysMs };
}

function p99(delaysMs: readonly number[]): number {
  return [...delaysMs].sort((a, b) => a - b)[Math.floor(delaysMs.length * 0.99)] ?? Number.NaN;
}

test('[FLT-9] readers that never read and send pongs unasked: memory grows by 50 MB at most, and the others get every state in time', {
  timeout: 120_000 + 4 * LASTS_MS,
}, async () => {
  await enrollAtRate(server, { perSecond: PER_SECOND, lastsMs: LASTS_MS / 6, first: 300_000 });
  const before = await underLoad(0);
  const deaf = await keepDeaf(DEAF);
  const beside = await underLoad(100_000);
  const cuts = await deaf.stop();
  expect(beside.memoryMb - before.memoryMb).toBeLessThan(MEMORY_MB);
  for (const { frames } of screens) expect(frames.length).toBeGreaterThan((2 * LASTS_MS) / 1_000);
  const books = await readBooks(await postgres.admin());
  expect(screens.flatMap(({ frames }) => untrueOf(books, frames))).toEqual([]);
  expect(screens.map(({ connections }) => connections)).toEqual(screens.map(() => 1));
  if (!isLong) return;
  expect(cuts).toBeGreaterThanOrEqual(DEAF);
  // Before and after, so that what else the machine does by then weighs on both.
  const after = await underLoad(200_000);
  const without = p99([...before.delaysMs, ...after.delaysMs]);
  expect(p99(beside.delaysMs) / without).toBeLessThan(DELAY_RATIO);
});
