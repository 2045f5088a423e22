import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser } from '#test/support/browser.ts';
import { readDrawn, recordDrawn } from '#test/support/drawn.ts';
import { enrollInput, sendEnroll } from '#test/support/enroll.ts';
import { type Product, runCommandLine, startProduct } from '#test/support/product.ts';
import { compareShown, followCity } from '#test/support/shown-truth.ts';
import { until } from '#test/support/wait.ts';
import { spread } from './figures.ts';
import { traceFrames } from './frame-cost.ts';

const ENROLLMENTS = 200;
const RATE = 50;

/**
 * The road, measured at its end: 200 enrollments one after another, each waiting for its paint, from the time under
 * the lock to the second animation frame after the change; then the board's own work per frame under 50 a second,
 * and whether everything it drew, and four plain clients received, equals the ledger at its revision.
 */
export async function bench([seconds = '60']: readonly string[]): Promise<void> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'kepling-bench-'));
  const product = await startProduct(dataDir);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await recordDrawn(page);
    await page.goto(`${product.url}/board`);
    await page.waitForSelector('[data-total]');
    const revisions = await enrollOneByOne(product, async (revision) => {
      await until(`revision ${revision} to be painted`, async () =>
        (await readDrawn(page)).some((each) => each.revision >= revision),
      );
    });
    const offset = await readClockOffset(product);
    const drawn = await readDrawn(page);
    const delays = await Promise.all(
      revisions.map(async (revision) => {
        const paint = drawn.find((each) => each.revision >= revision);
        return (paint?.paintedAt ?? Number.NaN) - offset - (await committedAt(product, revision));
      }),
    );
    process.stdout.write(`commit to paint: ${spread(delays)}\n`);

    const clients = [1, 2, 3, 4].map(() => followCity(product.url));
    const trace = await traceFrames(page);
    process.stdout.write(
      await runCommandLine(dataDir, 'simulate', ['--rate', String(RATE), '--seconds', seconds]),
    );
    const costs = await trace.stop();
    process.stdout.write(`script, style and layout per frame at ${RATE} enrollments/s: ${spread(costs)}\n`);
    const shown = await readDrawn(page);
    await Promise.all(clients.map((client) => client.dispose()));
    const received = clients.map(({ frames }) => frames);
    const { untrue, revisions: compared } = await compareShown(product, shown, received);
    const frames = received.reduce((sum, each) => sum + each.length, 0);
    process.stdout.write(
      `${shown.length} drawn and ${frames} received by 4 clients, ${compared} revisions: ${untrue.length} untrue\n`,
    );
    if (untrue.length > 0) throw new Error(untrue.slice(0, 5).join('; '));
  } finally {
    await browser.close();
    await product.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function enrollOneByOne(
  product: Product,
  painted: (revision: number) => Promise<void>,
): Promise<readonly number[]> {
  const revisions: number[] = [];
  for (let number = 0; number < ENROLLMENTS; number++) {
    const { revision } = await sendEnroll(product.ask, enrollInput(number), product.key('bpjs'));
    await painted(revision);
    revisions.push(revision);
  }
  return revisions;
}

/** Wall clock minus program time, in milliseconds, from the server's own row. */
async function readClockOffset(product: Product): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < 5; i++) {
    const before = Date.now();
    const { data } = await product.ask<{ program: { now: string } }>('{ program { now } }');
    samples.push((before + Date.now()) / 2 - Date.parse(data.program.now));
  }
  return samples.sort((a, b) => a - b)[2] ?? 0;
}

async function committedAt(product: Product, revision: number): Promise<number> {
  const { data } = await product.ask<{ program: { city: { totals: { asOf: string } } } }>(
    `{ program { city { totals(atRevision: ${revision}) { asOf } } } }`,
  );
  return Date.parse(data.program.city.totals.asOf);
}
