import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchBrowser } from '#test/support/browser.ts';
import { readDrawn, recordDrawn } from '#test/support/drawn.ts';
import { enrollInput, sendEnroll } from '#test/support/enroll.ts';
import { copyOfDemonstration } from '#test/support/loaded-demonstration.ts';
import { type Product, runCommandLine, startProduct } from '#test/support/product.ts';
import { until } from '#test/support/wait.ts';
import { dressFrames, type Misfit, readMisfits, WALLS } from '#test/support/wall.ts';

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

/** Every scene by its address, and what is on it once it stands. */
const SCENES = {
  totals: { address: 'scene=totals', sign: '[data-total]' },
  map: { address: 'scene=map', sign: '[data-total]' },
  districts: { address: 'scene=leaders', sign: '[data-area]' },
  villages: { address: 'scene=leaders&level=village', sign: '[data-area]' },
  neighborhoods: { address: 'scene=leaders&level=neighborhood', sign: '[data-area]' },
  standby: { address: 'scene=standby', sign: '[data-scene="standby"]' },
  blank: { address: 'scene=blank', sign: '[data-scene="blank"]' },
} as const;

async function openWall(address: string, sign: string, [width, height] = [1280, 720]): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height } });
  await recordDrawn(page);
  await page.goto(`${product.url}/board?${address}`);
  await page.waitForSelector(sign, { state: 'attached' });
  return page;
}

/** The districts' own figures at a revision, by code. */
async function districtsAt(revision: number): Promise<{ total: number; areas: Record<string, number> }> {
  const { data, errors } = await product.ask<{
    program: {
      city: { totals: { enrolled: number }; children: { code: string; totals: { enrolled: number } }[] };
    };
  }>(
    'query At($r: Int!) { program { city { totals(atRevision: $r) { enrolled } children { code totals(atRevision: $r) { enrolled } } } } }',
    { r: revision },
  );
  if (errors) throw new Error(errors[0]?.message);
  const { totals, children } = data.program.city;
  return {
    total: totals.enrolled,
    areas: Object.fromEntries(children.map((area) => [area.code, area.totals.enrolled])),
  };
}

async function revisionOf(page: Page): Promise<number> {
  return Number(await page.getAttribute('[data-epoch]', 'data-revision'));
}

test('[BRD-40] the map draws all 21 districts of one revision, the leader in gold, each as true as the ledger', async () => {
  const page = await openWall(SCENES.map.address, SCENES.map.sign);
  const tiles = await page
    .locator('[data-area]')
    .evaluateAll((found) => found.map((tile) => [tile.dataset.area, Number(tile.dataset.enrolled)]));
  expect(tiles).toHaveLength(21);
  const ledger = await districtsAt(await revisionOf(page));
  expect(Object.fromEntries(tiles)).toEqual(ledger.areas);
  expect(await page.getAttribute('[data-total]', 'data-total')).toBe(String(ledger.total));
  expect(await page.locator('[data-is-leader="true"]').getAttribute('data-area')).toBe('12.71.14');
  const text = await page.evaluate(() => document.body.innerText);
  for (const words of ['dari 50.025', 'sisa 12.967', 'DATA SIMULASI', 'Selat Malaka', 'capaian (%)'])
    expect(text).toContain(words);
  await page.close();
});

test('[BRD-43] a tile glows when an enrollment has come in, and settles', async () => {
  const page = await openWall(SCENES.map.address, SCENES.map.sign);
  const glowing = () =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('[data-area]')]
        .filter((tile) => tile.getAnimations({ subtree: true }).length > 0)
        .map((tile) => tile.dataset.area),
    );
  await expect.poll(glowing).toEqual([]);
  const { revision } = await sendEnroll(product.ask, enrollInput(301), product.key('bpjs'));
  await expect.poll(glowing, { interval: 20 }).toEqual(['12.71.14']);
  expect(await revisionOf(page)).toBe(revision);
  await expect.poll(glowing, { timeout: 5_000 }).toEqual([]);
  await page.close();
});

test('[BRD-52] [BRD-48] under traffic and through every change of scene the wall never goes back, and every number drawn is true', async () => {
  const page = await openWall('rotate=3600', '[data-total]');
  const seen = await watchRoot(page);
  const traffic = runCommandLine(folder.dataDir, 'simulate', ['--rate', '40', '--seconds', '8']);
  for (const [key, scene] of [
    ['2', 'map'],
    ['3', 'leaders'],
    ['1', 'totals'],
    ['4', 'leaders'],
    ['2', 'map'],
  ] as const) {
    await page.keyboard.press(key);
    await page.waitForSelector(`[data-scene="${scene}"]`);
    const at = await revisionOf(page);
    await until(`${scene} to move`, async () => (await revisionOf(page)) > at);
  }
  expect(await traffic).toMatch(/320 sent: 320 accepted, 0 refused, 0 failed/);
  const moments = await seen();
  const drawn = await readDrawn(page);
  await page.close();

  expect(new Set(moments.map(({ scene }) => scene))).toEqual(new Set(['totals', 'map', 'leaders']));
  for (const [at, moment] of moments.entries()) {
    expect(moment.epoch).toBe(moments[0]?.epoch);
    expect(moment.revision).toBeGreaterThanOrEqual(moments[at - 1]?.revision ?? 0);
  }
  const revisions = new Set([...moments, ...drawn].map(({ revision }) => revision));
  expect(revisions.size).toBeGreaterThan(20);
  const truth = new Map<number, Awaited<ReturnType<typeof districtsAt>>>();
  for (const revision of revisions) truth.set(revision, await districtsAt(revision));
  for (const { revision, total } of drawn) expect(total).toBe(truth.get(revision)?.total);
  // Villages are not told apart in public; what is drawn of districts is held against the ledger.
  for (const { revision, areas } of [...moments, ...drawn]) {
    for (const [code, enrolled] of Object.entries(areas)) {
      if (code.length === '12.71.14'.length) expect(enrolled).toBe(truth.get(revision)?.areas[code]);
    }
  }
});

test('[BRD-45] [BRD-46] [BRD-47] keys and turns stand in the address, and a reload comes back to them', async () => {
  const page = await openWall('rotate=5&safe=4', '[data-scene="totals"]');
  const address = () => new URL(page.url()).searchParams;
  await page.waitForSelector('[data-scene="map"]', { timeout: 9_000 });
  expect(address().get('turn')).toBe('2');
  await page.keyboard.press('Space');
  await page.waitForURL(/scene=map/);
  await page.keyboard.press('5');
  await page.waitForSelector('[data-scene="leaders"]');
  await page.reload();
  await page.waitForSelector('[data-scene="leaders"]');
  expect(await page.locator('h2').innerText()).toContain('lingkungan teratas');
  await page.keyboard.press('b');
  await page.waitForSelector('[data-scene="blank"]', { state: 'attached' });
  await page.reload();
  await page.waitForSelector('[data-scene="blank"]', { state: 'attached' });
  await page.keyboard.press('b');
  await page.waitForSelector('[data-scene="leaders"]');
  expect(address().get('safe')).toBe('4');
  expect(address().get('rotate')).toBe('5');
  await page.close();
});

test('[BRD-51] no scene has a serious finding of axe', async () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  for (const [scene, { address, sign }] of Object.entries(SCENES)) {
    const page = await openWall(address, sign);
    await scenesStand(page);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    );
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(
      serious.map(({ id, nodes }) => `${scene}: ${id} ${nodes[0]?.html}`),
      scene,
    ).toEqual([]);
    await page.close();
  }
});

test('[BRD-53] on every shape of wall text has a thirtieth of the height at least and stays inside the margin', async () => {
  const misfits: Misfit[] = [];
  for (const [scene, { address, sign }] of Object.entries(SCENES)) {
    if (scene === 'blank') continue;
    const page = await openWall(address, sign);
    misfits.push(...(await misfitsOnWalls(page, `${scene}`)));
    await page.close();
  }
  expect(misfits).toEqual([]);
});

test('[BRD-53] at and above the target nothing leaves its place or lies on another, with four digits neither', async () => {
  const misfits: Misfit[] = [];
  for (const [factor, rate] of [
    [1, '100'],
    [13.119, '1.312'],
  ] as const) {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await dressFrames(page, factor);
    for (const scene of ['totals', 'map', 'districts', 'neighborhoods'] as const) {
      await page.goto(`${product.url}/board?${SCENES[scene].address}`);
      await page.waitForSelector(SCENES[scene].sign);
      expect(await page.textContent('main')).toContain(rate);
      misfits.push(...(await misfitsOnWalls(page, `${scene} ${rate}%`)));
    }
    await page.close();
  }
  expect(misfits).toEqual([]);
});

test('[BRD-53] the English board keeps its place too', async () => {
  const misfits: Misfit[] = [];
  for (const scene of ['totals', 'map', 'districts'] as const) {
    const page = await openWall(`${SCENES[scene].address}&lang=en`, SCENES[scene].sign);
    misfits.push(...(await misfitsOnWalls(page, `${scene} en`)));
    await page.close();
  }
  expect(misfits).toEqual([]);
});

test('[BRD-55] in landscape the words for the three bands begin under their segments', async () => {
  const page = await openWall(SCENES.totals.address, 'dl', [1920, 1080]);
  await scenesStand(page);
  const starts = (selector: string) =>
    page.locator(selector).evaluateAll((found) => found.map((each) => each.getBoundingClientRect().left));
  const segments = await starts('[role="img"] + div i');
  const words = await starts('dl > div');
  expect(words).toHaveLength(3);
  for (const [at, left] of words.entries()) expect(left).toBeCloseTo(segments[at] ?? 0, 0);
  await page.close();
});

test('[BRD-54] the board loads less than 200 KB of script, compressed', async () => {
  const page = await browser.newPage();
  const scripts: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    if (request.resourceType() !== 'script') return;
    scripts.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await page.goto(`${product.url}/board?scene=map`, { waitUntil: 'networkidle' });
  await page.waitForSelector('[data-total]');
  const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(200_000);
  await page.close();
});

/** What does not fit on each shape of wall, once the scene stands there. */
async function misfitsOnWalls(page: Page, where: string): Promise<readonly Misfit[]> {
  const misfits: Misfit[] = [];
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  for (const [width, height] of WALLS) {
    await page.setViewportSize({ width, height });
    misfits.push(...(await readMisfits(page, `${where} ${width}x${height}`)));
  }
  return misfits;
}

/** Waits until entrances are over; the cloth of standby goes on for ever. */
async function scenesStand(page: Page): Promise<void> {
  await until('the scene to stand', () =>
    page.evaluate(() =>
      document.getAnimations().every((each) => each.effect?.getComputedTiming().iterations !== 1),
    ),
  );
}

interface Moment {
  readonly scene: string;
  readonly epoch: string;
  readonly revision: number;
  readonly areas: Readonly<Record<string, number>>;
}

/** Writes down the root's word and the areas under it at every change; gives what was seen so far. */
async function watchRoot(page: Page): Promise<() => Promise<readonly Moment[]>> {
  await page.evaluate(() => {
    const moments: object[] = [];
    Object.assign(globalThis, { moments });
    const root = document.querySelector<HTMLElement>('[data-epoch]');
    if (root === null) throw new Error('the wall has no root');
    new MutationObserver(() => {
      const { scene, epoch, revision } = root.dataset;
      const areas: Record<string, number> = {};
      for (const { dataset } of root.querySelectorAll<HTMLElement>('[data-area]')) {
        areas[dataset.area ?? ''] = Number(dataset.enrolled);
      }
      moments.push({ scene, epoch, revision: Number(revision), areas });
    }).observe(root, { attributes: true, attributeFilter: ['data-revision', 'data-scene'], subtree: true });
  });
  return () => page.evaluate(() => (globalThis as unknown as { moments: Moment[] }).moments);
}
