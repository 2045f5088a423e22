import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchBrowser } from '#test/support/browser.ts';
import { enrollInput, type Outcome, sendEnroll, WITHDRAW } from '#test/support/enroll.ts';
import { copyOfDemonstration } from '#test/support/loaded-demonstration.ts';
import { type Product, startProduct } from '#test/support/product.ts';
import { openAs, scriptBytes, seriousFindings, sidewaysPixels } from '#test/support/staff.ts';
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

interface Shown {
  readonly revision: number;
  readonly state: string;
  readonly total: number;
  readonly areas: Readonly<Record<string, number>>;
}

/** What the page says of itself at one moment. */
const read = (page: Page): Promise<Shown> =>
  page.evaluate(() => {
    const root = document.querySelector<HTMLElement>('[data-revision]');
    const areas: Record<string, number> = {};
    for (const each of document.querySelectorAll<HTMLElement>('[data-area]')) {
      areas[each.dataset.area ?? ''] = Number(each.dataset.enrolled);
    }
    return {
      revision: Number(root?.dataset.revision),
      state: root?.dataset.state ?? '',
      total: Number(document.querySelector<HTMLElement>('[data-total]')?.dataset.total),
      areas,
    };
  });

const TREE = `query Tree($r: Int!) { area(code: "12.71.14") {
  totals(atRevision: $r) { enrolled } children { code totals(atRevision: $r) { enrolled } }
} }`;

/** The ledger's own figures of the district and its villages at a revision. */
async function ledgerAt(revision: number): Promise<{ total: number; villages: Record<string, number> }> {
  type Sum = { totals: { enrolled: number } };
  type Answer = { area: Sum & { children: (Sum & { code: string })[] } };
  const { data, errors } = await product.ask<Answer>(TREE, { r: revision }, product.key('district'));
  if (errors) throw new Error(errors[0]?.message);
  return {
    total: data.area.totals.enrolled,
    villages: Object.fromEntries(data.area.children.map(({ code, totals }) => [code, totals.enrolled])),
  };
}

/** One neighborhood in each of three villages, several times. */
const places = ['12.71.14.1001-003', '12.71.14.1002-005', '12.71.14.1007-001'];
const rounds = 8;

const villagesOf = ({ areas }: Shown) =>
  Object.fromEntries(Object.entries(areas).filter(([code]) => !code.includes('-')));
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

test('[PAG-34] a camat comes from the door to the district: where it stands, its villages, its neighborhoods, what to do', async () => {
  const page = await openAs(browser, product, 'district', '/districts/12.71.14');
  await page.waitForSelector('svg[role=img]');
  const text = await page.evaluate(() => document.body.innerText);
  const words = [
    'Medan Tembung',
    'dari 2.375',
    '89,39%',
    'sisa target 252',
    'Peringkat 1 dari 21 kecamatan',
    '7 kelurahan',
    '95 lingkungan',
    'Langkah berikutnya',
    'Baru saja',
    'DATA SIMULASI',
    'langsung',
    'data BPJS s.d. 28 Okt',
    'masih membayar',
  ];
  for (const each of words) expect(text).toContain(each);
  const shown = await read(page);
  expect(shown.total).toBe(2_123);
  expect(Object.keys(villagesOf(shown))).toHaveLength(7);
  expect(await page.locator('[data-is-complete]').count()).toBe(95);
  expect(await scriptBytes(page)).toBeLessThan(300_000);
  await page.context().close();
});

test('[PAG-35] an enrollment is in the village, its neighborhood and the whole in one picture; a withdrawal says why', async () => {
  const page = await openAs(browser, product, 'district', '/districts/12.71.14');
  await page.waitForSelector('[data-total]');
  const before = await read(page);
  const [village, place] = ['12.71.14.1001', '12.71.14.1001-003'];
  const key = product.key('bpjs');
  const enrolled = await sendEnroll(product.ask, enrollInput(1, place), key);
  await expect.poll(async () => (await read(page)).revision).toBe(enrolled.revision);
  const after = await read(page);
  expect(after.total).toBe(before.total + 1);
  expect(after.areas[village]).toBe((before.areas[village] ?? 0) + 1);
  expect(after.areas[place]).toBe((before.areas[place] ?? 0) + 1);

  const input = { idempotencyKey: 'district 1', enrollment: enrolled.enrollment.id, reason: 'DUPLICATE' };
  const { data } = await product.ask<{ withdraw: Outcome }>(WITHDRAW, { input }, key);
  await expect.poll(async () => (await read(page)).revision).toBe(data.withdraw.revision);
  expect((await read(page)).total).toBe(before.total);
  await expect
    .poll(() => page.evaluate(() => document.body.innerText))
    .toMatch(/−1\s+Indra Kasih, data dikoreksi/);
  await page.context().close();
});

test('[PAG-35] under enrollments every picture equals the ledger at its revision, and villages are the sums of their neighborhoods', async () => {
  const page = await openAs(browser, product, 'district', '/districts/12.71.14');
  await page.waitForSelector('[data-total]');
  const pictures: Shown[] = [];
  await page.exposeFunction('keepPicture', (picture: Shown) => pictures.push(picture));
  await page.evaluate(() => {
    const root = document.querySelector('main');
    if (root === null) return;
    new MutationObserver(() => {
      const areas: Record<string, number> = {};
      for (const each of document.querySelectorAll<HTMLElement>('[data-area]')) {
        areas[each.dataset.area ?? ''] = Number(each.dataset.enrolled);
      }
      const at = document.querySelector<HTMLElement>('[data-revision]')?.dataset ?? {};
      const total = Number(document.querySelector<HTMLElement>('[data-total]')?.dataset.total);
      const { keepPicture } = globalThis as unknown as { keepPicture(picture: object): void };
      keepPicture({ revision: Number(at.revision), state: at.state, total, areas });
    }).observe(root, {
      attributes: true,
      subtree: true,
      attributeFilter: ['data-revision', 'data-enrolled'],
    });
  });
  for (let round = 0; round < rounds; round++) {
    const sent = await Promise.all(
      places.map((place, at) =>
        sendEnroll(product.ask, enrollInput(100 + round * places.length + at, place), product.key('bpjs')),
      ),
    );
    const newest = Math.max(...sent.map(({ revision }) => revision));
    await until('the page to show the newest revision', async () => (await read(page)).revision >= newest);
  }
  expect(new Set(pictures.map(({ revision }) => revision)).size).toBeGreaterThanOrEqual(rounds);
  for (const picture of pictures) {
    const ledger = await ledgerAt(picture.revision);
    expect({ at: picture.revision, total: picture.total }).toEqual({
      at: picture.revision,
      total: ledger.total,
    });
    expect(villagesOf(picture)).toEqual(ledger.villages);
    for (const [village, enrolled] of Object.entries(ledger.villages)) {
      const inside = Object.entries(picture.areas).filter(([code]) => code.startsWith(`${village}-`));
      expect(sum(inside.map(([, each]) => each)), village).toBe(enrolled);
    }
  }
  await page.context().close();
});

test('[PAG-36] of a foreign district or village a camat sees nothing, by page, query or subscription; missing ones look the same', async () => {
  const page = await openAs(browser, product, 'district', '/districts/12.71.12');
  const told: string[] = [];
  for (const address of [
    '/districts/12.71.12',
    '/villages/12.71.12.1001',
    '/villages/12.71.99.1001',
    '/districts/x',
  ]) {
    await page.goto(`${product.url}${address}`);
    await page.waitForSelector('main h1');
    told.push(await page.evaluate(() => document.querySelector('main')?.innerText ?? ''));
  }
  expect(new Set(told).size).toBe(1);
  expect(told[0]).toContain('tidak ditemukan atau bukan wilayah Anda');
  await page.getByRole('link', { name: 'Ke halaman Anda' }).click();
  await page.waitForSelector('[data-total]');

  const answers = await page.evaluate(async () => {
    const ask = async (query: string) => {
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
    };
    const follow = (query: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(
          `${location.origin.replace('http', 'ws')}/graphql`,
          'graphql-transport-ws',
        );
        socket.onopen = () => socket.send('{"type":"connection_init"}');
        socket.onmessage = ({ data }) => {
          const { type, payload } = JSON.parse(String(data)) as {
            type: string;
            payload?: { data?: unknown };
          };
          if (type === 'connection_ack') {
            socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
          } else if (type === 'next' || type === 'error') {
            resolve(payload?.data ? 'figures' : 'refused');
            socket.close();
          }
        };
      });
    const frame = (area: string) =>
      `subscription { totalsChanged(area: "${area}", parts: NEIGHBORHOOD) { parts { area { code } totals { enrolled } } } }`;
    return {
      village: await ask('{ area(code: "12.71.12.1001") { name totals { enrolled } } }'),
      children: await ask('{ area(code: "12.71.12") { children { code } } }'),
      metric: await ask(
        '{ metric(query: { measures: [ENROLLED], by: [VILLAGE], area: "12.71.12" }) { totals } }',
      ),
      own: await follow(frame('12.71.14')),
      foreign: await follow(frame('12.71.12')),
      foreignVillage: await follow(frame('12.71.12.1001')),
    };
  });
  expect(answers.village.data).toEqual({ area: null });
  expect(answers.children.data).toEqual({ area: { children: [] } });
  expect(answers.metric.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  expect([answers.own, answers.foreign, answers.foreignVillage]).toEqual(['figures', 'refused', 'refused']);
  await page.context().close();
});

test('[PAG-37] lines are sorted from the keyboard, the order is in the address, and it can be taken away as it stands', async () => {
  const page = await openAs(browser, product, 'district', '/districts/12.71.14');
  await page.waitForSelector('svg[role=img]');
  const codes = () =>
    page
      .locator('tbody [data-area]')
      .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.area));
  const byRate = await codes();
  await page.focus('th:first-child button');
  await page.keyboard.press('Enter');
  await page.waitForURL(/sort=name/);
  const names = await page.locator('tbody th').allTextContents();
  expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'id')));
  expect(await codes()).not.toEqual(byRate);
  await page.reload();
  await page.waitForSelector('tbody [data-area]');
  expect(await page.locator('tbody th').allTextContents()).toEqual(names);

  const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Unduh CSV')]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks)
    .toString()
    .replace('\uFEFF', '')
    .trimEnd()
    .split('\r\n')
    .map((each) => each.split(';'));
  expect(lines.slice(1).map(([code]) => code)).toEqual(await codes());
  const cells = await page
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.children].slice(1, 3).map((cell) => cell.textContent?.replace('.', '') ?? ''),
      ),
    );
  expect(lines.slice(1).map((line) => [`${line[2]} dari ${line[3]}`, `${line[4]}%`])).toEqual(cells);
  await page.context().close();
});

test('[PAG-38] a phone and a page at 200 % get lists instead of tables, what to do before them, and nothing scrolls sideways', async () => {
  for (const width of [390, 700]) {
    const page = await openAs(browser, product, 'district', '/districts/12.71.14', {
      viewport: { width, height: 844 },
    });
    for (const address of ['/districts/12.71.14', '/villages/12.71.14.1001']) {
      await page.goto(`${product.url}${address}`);
      await page.waitForSelector('[data-area]');
      expect(await page.locator('table').count()).toBe(0);
      expect(await sidewaysPixels(page)).toBe(0);
      const topOf = async (selector: string) => (await page.locator(selector).first().boundingBox())?.y ?? 0;
      expect(await topOf('text=Langkah berikutnya')).toBeLessThan(await topOf('[data-area]'));
    }
    await page.context().close();
  }
});

test('[PAG-42] on a screen of whatever width a table keeps to its column, beside what to do or below it', async () => {
  const page = await openAs(browser, product, 'admin', '/districts');
  for (const width of [1100, 1200, 1280, 1366, 1440, 1600]) {
    await page.setViewportSize({ width, height: 800 });
    for (const address of ['/districts', '/districts/12.71.14', '/villages/12.71.14.1001']) {
      await page.goto(`${product.url}${address}`);
      await page.waitForSelector('[data-area]');
      expect(await sidewaysPixels(page)).toBe(0);
      const outside = await page.evaluate(() =>
        [...document.querySelectorAll('table')].map((table) => {
          const column = table.closest('section')?.getBoundingClientRect();
          return table.getBoundingClientRect().right - (column?.right ?? 0);
        }),
      );
      expect(Math.max(0, ...outside), `${address} ${width}`).toBeLessThan(1);
    }
  }
  await page.context().close();
});

test('[PAG-33] district, village and neighborhood pages have no serious finding in either language', async () => {
  const pages = {
    district: '/districts/12.71.14',
    village: '/villages/12.71.14.1001',
    neighborhood: '/kepling',
  };
  for (const [role, address] of Object.entries(pages)) {
    for (const width of [390, 1440]) {
      const page = await openAs(browser, product, role, address, { viewport: { width, height: 900 } });
      for (const language of ['id', 'en']) {
        await page.goto(`${product.url}${address}?lang=${language}`);
        await page.waitForSelector('[data-total]');
        expect(await seriousFindings(page), `${address} ${language} ${width}`).toEqual([]);
      }
      await page.context().close();
    }
  }
});
