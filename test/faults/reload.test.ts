/** A board that is opened or reloaded while the server is away, and one whose build has become old. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { launchBrowser } from '#test/support/browser.ts';
import { enrollInput, sendEnroll } from '#test/support/enroll.ts';
import { copyOfDemonstration } from '#test/support/loaded-demonstration.ts';
import { type Product, startProduct } from '#test/support/product.ts';
import { until } from '#test/support/wait.ts';
import { type Misfit, readMisfits, WALLS } from '#test/support/wall.ts';
import { type Front, startFront } from './front.ts';
import { type LinkProxy, startProxy } from './proxy.ts';
import { faultsSeed } from './seed.ts';
import { openWatchedBoard, type Sample } from './watched-board.ts';

const builtFolder = fileURLToPath(new URL('../../dist/client/', import.meta.url));
const openWithinMs = 2_000;
const back = 6_000;

let folder: ReturnType<typeof copyOfDemonstration>;
let product: Product;
let front: Front;
let proxy: LinkProxy;
let browser: Browser;
const builds: string[] = [];

beforeAll(async () => {
  folder = copyOfDemonstration(inject('loadedDemonstration'));
  [product, browser] = await Promise.all([startProduct(folder.dataDir), launchBrowser()]);
  front = await startFront(Number(new URL(product.url).port), builtFolder);
  proxy = await startProxy({ to: front.port, seed: faultsSeed });
});
afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  await front?.close();
  await product?.stop();
  folder?.remove();
  for (const build of builds) rmSync(build, { recursive: true, force: true });
});

// Whatever became of one test, the next begins with a whole link.
afterEach(() => proxy.restore());

function newContext(withWorker: boolean): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width: 1024, height: 576 },
    serviceWorkers: withWorker ? 'allow' : 'block',
  });
}

function buildOf(folder: string): string {
  return readFileSync(path.join(folder, 'build.txt'), 'utf8').trim();
}

/** The build that is there under another name: what an update of the server puts in place. */
function anotherBuild(name: string): string {
  const made = mkdtempSync(path.join(os.tmpdir(), 'kepling-build-'));
  builds.push(made);
  cpSync(builtFolder, made, { recursive: true });
  for (const file of ['build.txt', 'index.html', 'worker.js']) {
    const text = readFileSync(path.join(made, file), 'utf8');
    writeFileSync(path.join(made, file), text.replaceAll(buildOf(builtFolder), name));
  }
  return made;
}

test.each([
  ['the server is down', () => proxy.cut()],
  ['the link is a black hole', () => proxy.blackHole()],
])(
  '[LNK-20] reloaded while %s a board shows its last picture at once, with its age, and never as live',
  async (_, spoil) => {
    const context = await newContext(true);
    const board = await openWatchedBoard(context, proxy.url);
    await board.isKept();
    const before = await board.page.getAttribute('[data-total]', 'data-total');
    await spoil();
    const { revision } = await sendEnroll(product.ask, enrollInput(Date.now() % 1e6), product.key('bpjs'));
    const reloadedAt = Date.now();
    await board.page.reload();
    const shown = async () => (await board.since(reloadedAt)).filter(({ total }) => total !== null);
    await until('a picture to be there again', async () => (await shown()).length > 0);
    const [first] = await shown();
    expect(first?.total).toBe(Number(before));
    expect(Number(first?.atMs) - reloadedAt).toBeLessThan(openWithinMs);
    await until('its age', async () => /\d dtk lalu/.test(await board.page.innerText('aside')));
    const states = new Set(
      (await board.since(reloadedAt)).map(({ state, total }) => total !== null && state),
    );
    states.delete(false);
    expect([...states]).toEqual(['catching-up']);
    await proxy.restore();
    expect(await board.isTrue(revision, 2 * back)).toBeLessThan(2 * back);
    await context.close();
  },
);

test('[BRD-53] [LNK-20] on every shape of wall a picture of yesterday, shown while nobody answers, keeps its place and says its age', async () => {
  const context = await newContext(true);
  const board = await openWatchedBoard(context, proxy.url);
  await board.isKept();
  const scenes = ['totals', 'map', 'leaders', 'leaders&level=village', 'leaders&level=neighborhood'];
  const open = async (scene: string) => {
    const page = await context.newPage();
    await page.addInitScript({ path: fileURLToPath(new URL('age-picture.js', import.meta.url)) });
    await page.goto(`${proxy.url}/board?scene=${scene}`);
    await page.waitForSelector('[data-area]');
    return page;
  };
  for (const scene of scenes) await (await open(scene)).close();
  await proxy.cut();
  const misfits: Misfit[] = [];
  for (const scene of scenes) {
    const page = await open(scene);
    await until('its age', async () => /23 jam \d+ mnt lalu/.test(await page.innerText('aside')));
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    await until('the entrance to be over', () => page.evaluate(() => document.getAnimations().length === 0));
    for (const [width, height] of WALLS) {
      await page.setViewportSize({ width, height });
      misfits.push(...(await readMisfits(page, `${scene} ${width}x${height}`)));
    }
    await page.close();
  }
  await proxy.restore();
  await context.close();
  expect(misfits).toEqual([]);
});

test('[LNK-21] the worker keeps the shell and built files, and no question, session or figure', async () => {
  const context = await newContext(true);
  const board = await openWatchedBoard(context, proxy.url);
  await board.isKept();
  const kept = await board.page.evaluate(async () => {
    for (const path of [
      '/totals.json',
      '/session',
      '/graphql?query={program{code}}',
      '/build.txt',
      '/schema.graphql',
    ])
      await fetch(path).catch(() => undefined);
    const paths: string[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const { url } of await cache.keys()) paths.push(new URL(url).pathname);
    }
    return paths;
  });
  expect(kept).toContain('/');
  expect(kept.length).toBeGreaterThan(6);
  expect(kept.filter((path) => path !== '/' && !path.startsWith('/assets/'))).toEqual([]);
  await context.close();
});

test('[LNK-23] other pages come from the server where it answers, and from what is kept where nobody does', async () => {
  front.serve(builtFolder);
  const context = await newContext(true);
  const board = await openWatchedBoard(context, proxy.url);
  await board.isKept();
  await board.page.close();
  front.serve(anotherBuild('build-of-sunday'));
  const page = await context.newPage();
  const buildShown = () => page.getAttribute('meta[name=build]', 'content');
  await page.goto(`${proxy.url}/sign-in`, { waitUntil: 'commit' });
  expect(await buildShown()).toBe('build-of-sunday');
  for (const spoil of [() => proxy.cut(), () => proxy.hang()]) {
    await proxy.restore();
    await spoil();
    await page.goto(`${proxy.url}/leadership`, { waitUntil: 'commit' });
    expect(await buildShown()).toMatch(/^\w/);
  }
  await proxy.restore();
  await context.close();
});

test.each([
  ['with its worker', true],
  ['without one, as in a local network', false],
])(
  '[LNK-22] a new build reaches an open board by itself, %s, and the number is there again at once',
  async (_, withWorker) => {
    front.serve(builtFolder);
    const context = await newContext(withWorker);
    const board = await openWatchedBoard(context, front.url);
    if (withWorker) await board.isKept();
    const before = await board.page.getAttribute('[data-total]', 'data-total');
    const name = withWorker ? 'build-of-monday' : 'build-of-tuesday';
    front.serve(anotherBuild(name));
    await until(
      'the new build',
      () =>
        board.page.evaluate(
          (build) => document.querySelector('meta[name=build]')?.getAttribute('content') === build,
          name,
        ),
      30_000,
    );
    await board.isTrue(0);
    const hasNumber = ({ total }: Sample) => total !== null;
    const samples = await until('a number', async () => {
      const all = await board.since(0);
      return all.some(hasNumber) && all;
    });
    const [begun] = samples;
    const shown = samples.find(hasNumber);
    expect(shown?.total).toBe(Number(before));
    expect(Number(shown?.atMs) - Number(begun?.atMs)).toBeLessThan(openWithinMs);
    const caches = await board.page.evaluate(async () => globalThis.caches.keys());
    expect(caches).toEqual(withWorker ? [`build ${name}`] : []);
    expect(board.loads).toBe(2);
    await context.close();
  },
);
