import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { enrollInput, type Outcome, sendEnroll } from '#test/support/enroll.ts';
import { copyOfDemonstration } from '#test/support/loaded-demonstration.ts';
import { freePort, type Product, startProduct } from '#test/support/product.ts';

const KILLS = 3;
const WRITERS = 8;
const BEFORE_KILL = 60;
const READY_LIMIT_MS = 5_000;

let folder: ReturnType<typeof copyOfDemonstration>;
let product: Product | undefined;
beforeAll(() => {
  folder = copyOfDemonstration(inject('loadedDemonstration'));
});
afterAll(async () => {
  await product?.stop();
  folder?.remove();
});

test('[LIV-33] three hard kills under mutations: nothing acknowledged is lost, each key counts once, ready within 5 s', async () => {
  const port = await freePort();
  product = await startProduct(folder.dataDir, { port });
  const key = product.key('bpjs');
  const acknowledged = new Map<number, Outcome>();
  const sent = new Set<number>();
  let next = 0;

  for (let kill = 0; kill < KILLS; kill++) {
    const running = product;
    const target = acknowledged.size + BEFORE_KILL;
    let isKilled = false;
    const writer = async () => {
      while (!isKilled) {
        const number = next++;
        sent.add(number);
        try {
          acknowledged.set(number, await sendEnroll(running.ask, enrollInput(number), key));
        } catch (error) {
          // The line was cut: whether it counted is not known here, and the same key will tell.
          if (!isKilled) throw error;
        }
        if (acknowledged.size >= target && !isKilled) {
          isKilled = true;
          await running.kill();
        }
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
    const startedAt = performance.now();
    product = await startProduct(folder.dataDir, { port });
    expect(performance.now() - startedAt).toBeLessThan(READY_LIMIT_MS);
  }

  const { ask } = product;
  for (const [number, outcome] of acknowledged) {
    expect(outcome.__typename).toBe('EnrollPayload');
    // The first answer again: the enrollment is there, under the revision it was acknowledged with.
    expect(await sendEnroll(ask, enrollInput(number), key)).toEqual(outcome);
  }
  for (const number of sent) {
    expect((await sendEnroll(ask, enrollInput(number), key)).__typename).toBe('EnrollPayload');
  }
  const last = await sendEnroll(ask, enrollInput(next), key);
  const { data } = await ask<{ program: { city: { totals: { enrolled: number } } } }>(
    `{ program { city { totals(atLeast: ${last.revision}) { enrolled } } } }`,
  );
  expect(data.program.city.totals.enrolled).toBe(37_058 + sent.size + 1);
});
