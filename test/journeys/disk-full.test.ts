import { cpSync } from 'node:fs';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { enrollInput, type Outcome, sendEnroll } from '#test/support/enroll.ts';
import { copyOfDemonstration } from '#test/support/loaded-demonstration.ts';
import { type Product, startProduct } from '#test/support/product.ts';
import { endPostgres } from '#test/support/run-store-program.ts';
import { compareShown, followCity } from '#test/support/shown-truth.ts';
import { openSmallDisk, type SmallDisk } from '#test/support/small-disk.ts';
import { until } from '#test/support/wait.ts';

const DISK_BYTES = 768 * 1024 * 1024;
const WRITERS = 16;
/** How many say it again at once. */
const TOGETHER = 100;

let disk: SmallDisk;
let product: Product;
beforeAll(async () => {
  disk = openSmallDisk(DISK_BYTES);
  const copy = copyOfDemonstration(inject('loadedDemonstration'));
  cpSync(copy.dataDir, disk.folder, { recursive: true, preserveTimestamps: true });
  copy.remove();
  product = await startProduct(disk.folder);
});
afterAll(async () => {
  await product?.stop();
  await endPostgres(disk.folder);
  disk.remove();
});

test('[OPS-3] a full disk: nothing is acknowledged after the first failure, readiness says so, and all is exact once there is room', async () => {
  const { ask, pid } = product;
  const key = product.key('bpjs');
  const screen = followCity(product.url);
  await until('the first frame', () => screen.frames.length > 0);
  const acknowledged = new Map<number, Outcome>();
  let next = 0;
  let sent = 0;
  let failedAt = Number.POSITIVE_INFINITY;
  let acknowledgedAfter = 0;
  let isOver = false;
  const writer = async () => {
    while (!isOver) {
      const number = next++;
      const startedAt = performance.now();
      sent += 1;
      try {
        acknowledged.set(number, await sendEnroll(ask, enrollInput(number), key));
        // What began after a failure was answered may not be acknowledged.
        if (startedAt > failedAt) acknowledgedAfter += 1;
      } catch {
        failedAt = Math.min(failedAt, performance.now());
      }
    }
  };
  const writers = Array.from({ length: WRITERS }, writer);
  await until('some that counted', () => acknowledged.size > 50);
  await disk.fill();
  await until('a failure', () => failedAt < Number.POSITIVE_INFINITY, 60_000);
  await until('readiness to say so', async () => {
    const answer = await fetch(`${product.url}/readyz`);
    const { checks } = (await answer.json()) as { checks: { roomToWrite: boolean } };
    return answer.status === 503 && !checks.roomToWrite;
  });
  const turnAwayMore = async () => {
    const before = sent;
    await until('many more that were turned away', () => sent > before + 500, 60_000);
  };
  await turnAwayMore();
  const countWhenFull = acknowledged.size;
  // Now a few would fit: some taken and some refused helps nobody.
  await disk.easeALittle();
  await turnAwayMore();
  expect(acknowledgedAfter).toBe(0);
  isOver = true;
  await Promise.all(writers);
  expect(acknowledged.size).toBe(countWhenFull);

  await disk.empty();
  await until('readiness', () => product.isReady(), 30_000);
  for (const [number, outcome] of acknowledged)
    expect(await sendEnroll(ask, enrollInput(number), key)).toEqual(outcome);
  for (let from = 0; from < next; from += TOGETHER) {
    const numbers = Array.from({ length: Math.min(TOGETHER, next - from) }, (_, index) => from + index);
    const answers = await Promise.all(numbers.map((each) => sendEnroll(ask, enrollInput(each), key)));
    expect(answers.filter(({ __typename }) => __typename !== 'EnrollPayload')).toEqual([]);
  }
  const last = await sendEnroll(ask, enrollInput(next), key);
  await until('the screen', () => screen.frames.at(-1)?.revision === last.revision);
  expect(screen.frames.at(-1)?.whole.totals.enrolled).toBe(37_058 + next + 1);
  expect((await compareShown(product, [], [screen.frames])).untrue).toEqual([]);
  expect(product.pid).toBe(pid);
  await screen.dispose();
});
