import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchBrowser } from '#test/support/browser.ts';
import { readDrawn, recordDrawn } from '#test/support/drawn.ts';
import { enrollInput, type Outcome, sendEnroll, WITHDRAW } from '#test/support/enroll.ts';
import { copyOfDemonstration } from '#test/support/loaded-demonstration.ts';
import { type Product, runCommandLine, startProduct } from '#test/support/product.ts';
import { compareShown, followCity } from '#test/support/shown-truth.ts';
import { until } from '#test/support/wait.ts';

let browser: Browser;
let product: Product;
let folder: ReturnType<typeof copyOfDemonstration>;

beforeAll(async () => {
  folder = copyOfDemonstration(inject('loadedDemonstration'));
  [browser, product] = await Promise.all([launchBrowser(), startProduct(folder.dataDir)]);
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  folder?.remove();
});

async function openBoard(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1024, height: 576 } });
  await recordDrawn(page);
  await page.goto(`${product.url}/board`);
  await page.waitForSelector('[data-total]');
  return page;
}

function expectForward(shown: readonly { epoch: string; revision: number }[]): void {
  for (const [index, each] of shown.entries()) {
    const before = shown[index - 1];
    if (before?.epoch === each.epoch) expect(each.revision).toBeGreaterThanOrEqual(before.revision);
  }
}

test('[BRD-30] the board opens on 37.058 of 50.025, 74,08%, sisa 12.967, marked as simulated', async () => {
  const page = await openBoard();
  await expect.poll(() => page.getAttribute('[data-epoch]', 'data-state')).toBe('live');
  const text = await page.evaluate(() => document.body.innerText);
  for (const words of ['dari 50.025', 'sisa 12.967', 'DATA SIMULASI', 'langsung', '18.152'])
    expect(text).toContain(words);
  const spoken = await page.evaluate(() => document.body.textContent);
  for (const words of ['37.058', '74,08%']) expect(spoken).toContain(words);
  expect(await page.getAttribute('[data-total]', 'data-total')).toBe('37058');
  expect(await page.getAttribute('[data-epoch]', 'data-mode')).toBe('demo');
  expect(
    await page
      .locator('[data-area]')
      .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.area)),
  ).toEqual(
    expect.arrayContaining([
      '12.71.14',
      '12.71.07',
      '12.71.02',
      '12.71.12',
      '12.71.01',
      '12.71.19',
      '12.71.17',
    ]),
  );
  await page.close();
});

test('[BRD-31] an enrollment is on the board with its revision; a withdrawal lowers it by one and says why', async () => {
  const page = await openBoard();
  const total = async () => Number(await page.getAttribute('[data-total]', 'data-total'));
  const shownRevision = async () => Number(await page.getAttribute('[data-epoch]', 'data-revision'));
  const before = await total();
  const key = product.key('bpjs');
  const enrolled = await sendEnroll(product.ask, enrollInput(1), key);
  await expect.poll(shownRevision).toBe(enrolled.revision);
  expect(await total()).toBe(before + 1);
  const input = { idempotencyKey: 'board 1', enrollment: enrolled.enrollment.id, reason: 'DUPLICATE' };
  const { data } = await product.ask<{ withdraw: Outcome }>(WITHDRAW, { input }, key);
  await expect.poll(shownRevision).toBe(data.withdraw.revision);
  expect(await total()).toBe(before);
  await expect
    .poll(() => page.evaluate(() => document.body.innerText))
    .toMatch(/−1\s*Medan Tembung[\s\S]*data dikoreksi/);
  await page.close();
});

test('[LIV-31] [LIV-32] [PRG-30] every number drawn or received under traffic equals the ledger at its revision, and none goes back', async () => {
  const page = await openBoard();
  const clients = [1, 2, 3, 4].map(() => followCity(product.url));
  const said = await runCommandLine(folder.dataDir, 'simulate', ['--rate', '50', '--seconds', '8']);
  expect(said).toMatch(/400 sent: 400 accepted, 0 refused, 0 failed/);
  const newest = clients[0]?.frames.at(-1)?.revision ?? 0;
  await until(
    'the board to show the newest revision',
    async () => Number(await page.getAttribute('[data-epoch]', 'data-revision')) >= newest,
  );
  const drawn = await readDrawn(page);
  await Promise.all(clients.map((client) => client.dispose()));
  await page.close();

  expect(new Set(drawn.map((each) => each.revision)).size).toBeGreaterThan(20);
  for (const { frames } of clients) {
    expect(frames[0]?.kind).toBe('SNAPSHOT');
    expect(frames.length).toBeGreaterThan(20);
  }
  const received = clients.map(({ frames }) => frames);
  expect((await compareShown(product, drawn, received)).untrue).toEqual([]);
});

test('[PRG-31] the demonstration is put back to its first day under a new epoch, and an open board follows by itself', async () => {
  const page = await openBoard();
  const epoch = await page.getAttribute('[data-epoch]', 'data-epoch');
  await runCommandLine(folder.dataDir, 'demo', ['--reset']);
  await until('the board to show the new epoch at its opening', async () => {
    const shown = await page.evaluate(() => {
      const root = document.querySelector<HTMLElement>('[data-epoch]');
      return {
        epoch: root?.dataset.epoch,
        total: document.querySelector<HTMLElement>('[data-total]')?.dataset.total,
      };
    });
    return shown.epoch !== epoch && shown.total === '37058';
  });
  expectForward(await readDrawn(page));
  await until('the server to be ready again', product.isReady);
  await page.close();
});
