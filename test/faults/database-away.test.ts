/** A board in a real browser whose server lives and cannot reach its database for longer than a connection is waited for. */
import { renameSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { lostAfterMs } from '#client/live/watchdog.ts';
import { silentAfterMs } from '#client/wire/socket.ts';
import { isAlive } from '#server/store/is-alive.ts';
import { findPostmaster } from '#server/store/postmaster.ts';
import { launchBrowser } from '#test/support/browser.ts';
import { copyOfDemonstration } from '#test/support/loaded-demonstration.ts';
import { type Product, startProduct } from '#test/support/product.ts';
import { until } from '#test/support/wait.ts';
import { openWatchedBoard, type Sample } from './watched-board.ts';

/** A heartbeat, the longest wait before another connection, and what the server takes to notice. */
const slackMs = 8_000;
/** Samples and the corner's own clock. */
const tickMs = 1_500;

let folder: ReturnType<typeof copyOfDemonstration>;
let product: Product;
let browser: Browser;
beforeAll(async () => {
  folder = copyOfDemonstration(inject('loadedDemonstration'));
  [product, browser] = await Promise.all([startProduct(folder.dataDir), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  folder?.remove();
});

/** The age that the corner tells, in milliseconds; NaN where it tells none. */
function toldMs({ corner }: Sample): number {
  const [, minutes = 0, seconds] = /(?:(\d+) mnt )?(\d+) dtk lalu/.exec(corner) ?? [];
  return (Number(minutes) * 60 + Number(seconds)) * 1_000;
}

/** Not live, and as old as the database has been away; a look and a heartbeat may lie before its end. */
function expectTrueAge(samples: readonly Sample[], awaySinceMs: number): void {
  expect(samples.length).toBeGreaterThan(0);
  for (const sample of samples) {
    expect(['catching-up', 'lost']).toContain(sample.state);
    expect(toldMs(sample)).toBeGreaterThan(sample.atMs - awaySinceMs - tickMs);
    expect(toldMs(sample)).toBeLessThan(sample.atMs - awaySinceMs + slackMs);
  }
}

test('[BRD-14] while PostgreSQL is away a board says how long, through new connections, after a reload and where it is opened anew, and is live when it is back', async () => {
  const wall = { viewport: { width: 1024, height: 576 } };
  const context = await browser.newContext(wall);
  const board = await openWatchedBoard(context, product.url);
  let connections = 0;
  board.page.on('websocket', () => connections++);

  const { pid } = findPostmaster(path.join(folder.dataDir, 'postgres')) as { pid: number };
  const settings = path.join(folder.dataDir, 'postgres/postgresql.conf');
  renameSync(settings, `${settings}.away`);
  process.kill(pid, 'SIGKILL');
  await until('its end', () => !isAlive(pid));
  const awaySinceMs = Date.now();
  const pass = (ms: number) => until('the time away', () => Date.now() > awaySinceMs + ms, ms + slackMs);

  await pass(lostAfterMs + tickMs);
  await until('another connection', () => connections > 0, silentAfterMs + slackMs);
  const reconnectedAtMs = Date.now();
  await pass(reconnectedAtMs + 2 * tickMs - awaySinceMs);
  const known = (await board.since(awaySinceMs)).filter(({ atMs }) => atMs > awaySinceMs + lostAfterMs);
  expect(known.filter(({ atMs }) => atMs > reconnectedAtMs).length).toBeGreaterThan(10);
  expectTrueAge(known, awaySinceMs);

  await board.page.reload();
  const fresh = await (await browser.newContext(wall)).newPage();
  await fresh.addInitScript({ path: path.join(import.meta.dirname, 'sample-board.js') });
  await fresh.goto(`${product.url}/board`);
  const samplesOf = (page: typeof fresh) =>
    page.evaluate(() => (globalThis as unknown as { samples: Sample[] }).samples);
  for (const page of [board.page, fresh]) {
    const shown = await until('a picture and its age', async () => {
      const samples = (await samplesOf(page)).filter(({ total }) => total !== null);
      return samples.length > 10 && samples;
    });
    // The entrance: the number is there before the corner has ticked.
    expectTrueAge(shown.slice(5), awaySinceMs);
    expect(shown.map(({ state }) => state)).not.toContain('live');
  }

  renameSync(`${settings}.away`, settings);
  for (const page of [board.page, fresh])
    await until(
      'the board to be live',
      async () => (await page.getAttribute('[data-state]', 'data-state')) === 'live',
      60_000,
    );
});
