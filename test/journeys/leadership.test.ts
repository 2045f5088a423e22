import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchBrowser } from '#test/support/browser.ts';
import { enrollInput, sendEnroll } from '#test/support/enroll.ts';
import { copyOfDemonstration } from '#test/support/loaded-demonstration.ts';
import { type Product, startProduct } from '#test/support/product.ts';
import { openAs, scriptBytes, seriousFindings, sidewaysPixels } from '#test/support/staff.ts';

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

const textOf = (page: Page) => page.evaluate(() => document.body.innerText);
const tableOf = (page: Page) =>
  page
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
const chartOf = (page: Page) => page.locator('figure svg text').allTextContents();

async function csvOf(page: Page): Promise<string[][]> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Unduh CSV')]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const [, ...lines] = Buffer.concat(chunks).toString().replace('\uFEFF', '').trimEnd().split('\r\n');
  return lines.map((line) => line.split(';'));
}

const digits = (text: string) => text.replace(/\D/g, '');

test('[PAG-39] leadership comes from the door to one number that matters and what it means', async () => {
  const page = await openAs(browser, product, 'leadership', '/leadership');
  await page.waitForSelector('figure svg text');
  const text = await textOf(page);
  const words = [
    'dari 50.025',
    'capaian 74,08%',
    'sisa target 12.967',
    '18.152 membayar satu bulan saja',
    'dari 2.001 kepling tuntas',
    'DATA SIMULASI',
    'langsung',
    'revisi',
    'WIB',
    'data BPJS s.d. 28 Okt',
  ];
  for (const each of words) expect(text).toContain(each);
  expect(await page.getAttribute('[data-total]', 'data-total')).toBe('37058');
  expect(await scriptBytes(page)).toBeLessThan(300_000);
  await page.context().close();
});

test('[PAG-40] a question is put in words, is in the address, and has the same digits in chart, table and file', async () => {
  const page = await openAs(browser, product, 'leadership', '/leadership');
  await page.waitForSelector('tbody tr');
  expect((await tableOf(page))[0]).toEqual(['Medan Tembung', '2.123 dari 2.375', '89,39%']);
  const rates = (await tableOf(page)).map(([, , rate]) => rate ?? '');
  await expect.poll(() => chartOf(page)).toEqual(expect.arrayContaining(rates));

  await page.selectOption('select >> nth=0', 'ENROLLED');
  await page.waitForURL(/measure=enrolled/);
  await page.waitForSelector('text=Peserta terdaftar menurut kecamatan');
  const rows = await tableOf(page);
  const file = await csvOf(page);
  expect(rows).toHaveLength(21);
  expect(file.map(([, name, count, whole, rate]) => [name, `${count} dari ${whole}`, `${rate}%`])).toEqual(
    rows.map(([name, figure, rate]) => [name, figure?.replaceAll('.', ''), rate]),
  );
  expect(rows.reduce((sum, [, figure]) => sum + Number(digits(figure?.split(' dari ')[0] ?? '')), 0)).toBe(
    37_058,
  );
  await expect
    .poll(() => chartOf(page))
    .toEqual(expect.arrayContaining(rows.map(([, figure]) => figure?.split(' dari ')[0] ?? '')));

  await page.selectOption('select >> nth=0', 'NEW');
  await page.selectOption('select >> nth=1', 'WEEK');
  await page.selectOption('select >> nth=2', '12.71.14');
  await page.waitForURL(/by=week/);
  await page.waitForSelector('text=Pertambahan peserta menurut minggu');
  await expect.poll(async () => (await tableOf(page)).length).toBe(25);
  const weeks = await tableOf(page);
  const asked = await product.ask<{ metric: { rows: { values: number[] }[] } }>(
    '{ metric(query: { measures: [NEW], by: [WEEK], area: "12.71.14" }) { rows { values } } }',
    {},
    product.key('leadership'),
  );
  const answered = asked.data.metric.rows.map(({ values }) => `${values[0]}`).reverse();
  expect(weeks.map(([, figure]) => digits(figure?.split(' menjadi ')[0] ?? ''))).toEqual(answered);
  expect((await csvOf(page)).map(([, , count]) => count)).toEqual(answered);
  await expect.poll(() => chartOf(page)).toContain(`+${answered[0]}`);

  const link = page.url();
  const other = await page.context().newPage();
  await other.goto(link);
  await other.waitForSelector('tbody tr');
  await expect.poll(() => tableOf(other)).toEqual(weeks);
  await page.context().close();
});

test('[PAG-14] [PAG-15] days are typed as they are written here, keep one entry of the history, and are told where they cannot be', async () => {
  const page = await openAs(browser, product, 'leadership', '/leadership?lang=en');
  await page.waitForSelector('tbody tr');
  const entries = () => page.evaluate(() => history.length);
  const before = await entries();
  expect(await page.locator('input[inputmode=numeric]').count()).toBe(1);
  await page.selectOption('select >> nth=0', 'NEW');
  const [first, last] = [page.getByLabel('First day'), page.getByLabel('Last day')];
  expect([await first.inputValue(), await last.inputValue()]).toEqual(['14/05/2025', '29/10/2025']);
  await first.fill('');
  await first.pressSequentially('01/10/2025');
  await page.waitForURL(/from=2025-10-01/);
  await page.waitForSelector('text=1 Oct 2025 to 29 Oct 2025');
  await last.fill('30/9/2025');
  await last.press('Enter');
  await page.waitForSelector('text=Before the first day, 1 Oct 2025.');
  expect(page.url()).not.toContain('to=');
  expect(await entries()).toBe(before);
  await page.goto(`${product.url}/leadership?measure=new&from=2025-10-02&to=2025-10-01`);
  await page.waitForSelector('text=Hari pertama, 2 Okt 2025, jatuh sesudah hari terakhir, 1 Okt 2025.');
  await page.context().close();
});

test('[PAG-41] an open answer follows the ledger by itself: the number at once, the answer within seconds', async () => {
  const page = await openAs(browser, product, 'leadership', '/leadership?measure=enrolled');
  await page.waitForSelector('tbody tr');
  const before = await page.locator('[data-row="12.71.14"]').textContent();
  const key = product.key('bpjs');
  for (let number = 10; number < 15; number++) await sendEnroll(product.ask, enrollInput(number), key);
  const last = await sendEnroll(product.ask, enrollInput(15), key);
  await expect.poll(() => page.getAttribute('[data-revision]', 'data-revision')).toBe(String(last.revision));
  expect(await page.getAttribute('[data-total]', 'data-total')).toBe('37064');
  await expect
    .poll(() => page.getAttribute('[data-metric-revision]', 'data-metric-revision'), { timeout: 12_000 })
    .toBe(String(last.revision));
  expect(before).toContain('2.123 dari 2.375');
  expect(await page.locator('[data-row="12.71.14"]').textContent()).toContain('2.129 dari 2.375');
  await page.context().close();
});

test('[PAG-11] a question that cannot be answered says so and leads back to one that can', async () => {
  const page = await openAs(browser, product, 'leadership', '/leadership?from=2031-01-01&to=2031-02-01');
  await page.waitForSelector('text=Pertanyaan ini tidak dapat dijawab');
  await page.click('text=Mulai dari pertanyaan awal');
  await page.waitForSelector('tbody tr');
  await page.context().close();
});

test('[PAG-31] whoever does not answer for the city is told whose page this is', async () => {
  const page = await openAs(browser, product, 'village', '/leadership');
  await page.waitForSelector('text=Halaman ini untuk pimpinan kota');
  await page.getByRole('link', { name: 'Ke halaman Anda' }).click();
  await page.waitForURL(/\/villages\/12\.71\.14\.1001/);
  await page.context().close();
});

test('[PAG-33] the city’s pages have no serious finding in either language, and nothing scrolls sideways', async () => {
  for (const width of [390, 700, 1440]) {
    const page = await openAs(browser, product, 'leadership', '/leadership', {
      viewport: { width, height: 900 },
    });
    for (const address of [
      '/leadership',
      '/leadership?by=village',
      '/leadership?by=day&measure=new',
      '/districts',
    ]) {
      for (const language of ['id', 'en']) {
        await page.goto(`${product.url}${address}${address.includes('?') ? '&' : '?'}lang=${language}`);
        await page.waitForSelector(address === '/districts' ? '[data-area]' : 'tbody tr');
        expect(await seriousFindings(page), `${address} ${language} ${width}`).toEqual([]);
        expect(await sidewaysPixels(page), `${address} ${language} ${width}`).toBe(0);
      }
    }
    await page.context().close();
  }
});
