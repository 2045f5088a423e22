import { renameSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { isAlive } from '#server/store/is-alive.ts';
import { findPostmaster } from '#server/store/postmaster.ts';
import { enrollInput, type Outcome, sendEnroll } from '#test/support/enroll.ts';
import { copyOfDemonstration } from '#test/support/loaded-demonstration.ts';
import { type Product, startProduct } from '#test/support/product.ts';
import { compareShown, followCity } from '#test/support/shown-truth.ts';
import { until } from '#test/support/wait.ts';

const TRUE_AGAIN_MS = 5_000;
/** Pauses of 0.4, 0.8, 1.6 and 3.2 s lie between them: longer than a heartbeat takes. */
const FAILED_STARTS = 5;

let folder: ReturnType<typeof copyOfDemonstration>;
let product: Product;
beforeAll(async () => {
  folder = copyOfDemonstration(inject('loadedDemonstration'));
  product = await startProduct(folder.dataDir);
});
afterAll(async () => {
  await product?.stop();
  folder?.remove();
});

const postmaster = () => findPostmaster(path.join(folder.dataDir, 'postgres'));

test.each([
  ['stopped immediately', 'SIGQUIT', 1],
  ['killed, and kept from starting for a while', 'SIGKILL', 2],
] as const)(
  '[OPS-1] [OPS-2] PostgreSQL %s: the server starts it again and stays the process it was; no heartbeat meanwhile, every screen true again within 5 s',
  async (_what, signal, round) => {
    const { ask, pid } = product;
    const key = product.key('bpjs');
    const screens = [followCity(product.url), followCity(product.url)];
    await until('the first frames', () => screens.every(({ frames }) => frames.length > 0));
    const acknowledged = new Map<number, Outcome>();
    let number = round * 1_000;
    for (let index = 0; index < 5; index++, number++)
      acknowledged.set(number, await sendEnroll(ask, enrollInput(number), key));

    const newest = () => Math.max(...[...acknowledged.values()].map(({ revision }) => revision));
    const areCurrent = () => screens.every(({ frames }) => frames.at(-1)?.revision === newest());
    await until('what was enrolled to be shown', areCurrent);
    const before = postmaster()?.pid as number;
    const settings = path.join(folder.dataDir, 'postgres/postgresql.conf');
    const isKeptAway = signal === 'SIGKILL';
    if (isKeptAway) renameSync(settings, `${settings}.away`);
    process.kill(before, signal);
    await until('its end', () => !isAlive(before));
    const seenAtEnd = screens.map(({ frames }) => frames.length);
    if (isKeptAway) {
      const failedStarts = () => product.said().split('could not be started again').length - 1;
      await until('starts that failed', () => failedStarts() >= FAILED_STARTS, 30_000);
      expect((await fetch(`${product.url}/readyz`)).status).toBe(503);
      for (const [index, { frames }] of screens.entries()) expect(frames).toHaveLength(seenAtEnd[index] ?? 0);
      renameSync(`${settings}.away`, settings);
    }
    // Whoever enrolls meanwhile is told no, and says it again with the same key.
    for (let index = 0; index < 5; index++, number++) {
      const outcome = await until('an answer', () => sendEnroll(ask, enrollInput(number), key), 30_000);
      acknowledged.set(number, outcome);
    }
    await until('every screen to be true again', areCurrent, TRUE_AGAIN_MS);
    await until('readiness', () => product.isReady(), TRUE_AGAIN_MS);

    expect(postmaster()?.pid).not.toBe(before);
    expect(product.pid).toBe(pid);
    expect(isAlive(pid)).toBe(true);
    for (const [index, { frames }] of screens.entries()) {
      const after = frames.slice(seenAtEnd[index]);
      expect(after[0]?.kind).not.toBe('HEARTBEAT');
    }
    for (const [each, outcome] of acknowledged) {
      expect(outcome.__typename).toBe('EnrollPayload');
      expect(await sendEnroll(ask, enrollInput(each), key)).toEqual(outcome);
    }
    const { untrue } = await compareShown(
      product,
      [],
      screens.map(({ frames }) => frames),
    );
    expect(untrue).toEqual([]);
    for (const screen of screens) await screen.dispose();
  },
);
