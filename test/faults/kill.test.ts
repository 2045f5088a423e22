import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { SUPERUSER } from '#server/store/data-folder.ts';
import { findPostmaster, PORT } from '#server/store/postmaster.ts';
import { enrollInput, type Outcome, sendEnroll } from '#test/support/enroll.ts';
import { csvOf, importRow } from '#test/support/import-files.ts';
import { copyOfDemonstration } from '#test/support/loaded-demonstration.ts';
import { freePort, type Product, startProduct } from '#test/support/product.ts';
import { isLong } from './seed.ts';
import { inForm, seeded } from './server/form.ts';

const KILLS = inForm(3, 20);
const WRITERS = 8;
const READY_LIMIT_MS = 5_000;
const BATCH_ROWS = 500;
/** More than is taken in before a kill. */
const ROWS = 30_000;
/** People of the file, apart from those of the writers, in a neighborhood of their own. */
const FIRST_ROW = 500_000;
const FILE_PLACE = '12.71.01.1001-001';

const random = seeded('kill');
const file = csvOf(
  Array.from({ length: ROWS }, (_, index) => importRow(FIRST_ROW + index, { kode_lingkungan: FILE_PLACE })),
);
let folder: ReturnType<typeof copyOfDemonstration>;
let product: Product | undefined;
beforeAll(() => {
  folder = copyOfDemonstration(inject('loadedDemonstration'));
});
afterAll(async () => {
  await product?.stop();
  folder?.remove();
});

/** Sends the file and does not wait: it is taken in while others enroll. */
async function sendFile({ url, key }: Product): Promise<void> {
  const headers = {
    authorization: `Bearer ${key('bpjs')}`,
    'content-type': 'text/csv',
    prefer: 'respond-async',
  };
  const { status } = await fetch(`${url}/imports`, { method: 'POST', headers, body: file });
  expect(status).toBe(202);
}

/** The ledger's own word on the file's neighborhood: people of it by revision, beyond those who were there at first. */
async function batchesOfFile(after: number): Promise<readonly number[]> {
  const host = findPostmaster(`${folder.dataDir}/postgres`)?.socketFolder;
  const client = new pg.Client({ host: host as string, port: PORT, user: SUPERUSER, database: 'kepling' });
  await client.connect();
  const { rows } = await client.query<{ enrolled: number }>(
    `SELECT sum(e.enrolled)::int AS enrolled FROM entries e JOIN areas a ON a.id = e.neighborhood_id
      WHERE a.code = $1 AND e.revision > $2 GROUP BY e.revision ORDER BY e.revision`,
    [FILE_PLACE, after],
  );
  await client.end();
  return rows.map(({ enrolled }) => enrolled);
}

test('[LIV-33] hard kills under mutations and a file coming in: nothing acknowledged is lost, no half batch, each key counts once, ready within 5 s', {
  timeout: isLong ? 900_000 : 180_000,
}, async () => {
  const port = await freePort();
  product = await startProduct(folder.dataDir, { port });
  const key = product.key('bpjs');
  const acknowledged = new Map<number, Outcome>();
  const sent = new Set<number>();
  let next = 0;
  const { revision: openedAt } = await sendEnroll(product.ask, enrollInput(next), key);
  sent.add(next++);

  for (let kill = 0; kill < KILLS; kill++) {
    const running = product;
    const target = acknowledged.size + random.between(20, 120);
    await sendFile(running);
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
    const batches = await batchesOfFile(openedAt);
    expect(batches).toEqual(batches.map(() => BATCH_ROWS));
    expect(batches.length * BATCH_ROWS).toBeLessThan(ROWS);
  }
  const batches = await batchesOfFile(openedAt);
  expect(batches.length).toBeGreaterThan(0);

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
  const fromFile = batches.length * BATCH_ROWS;
  expect(data.program.city.totals.enrolled).toBe(37_058 + fromFile + sent.size + 1);
});
