import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchBrowser } from '#test/support/browser.ts';
import { copyOfDemonstration } from '#test/support/loaded-demonstration.ts';
import { type Product, startProduct } from '#test/support/product.ts';
import { accountOf, fillIn, openAs, seriousFindings, sidewaysPixels } from '#test/support/staff.ts';

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
const placeOf = (page: Page) => page.evaluate(() => `${location.pathname}${location.search}`);

test('[PAG-30] a page without a session leads to the door, tells what is wrong, and leads back with all its address said', async () => {
  const page = await browser.newPage();
  await page.goto(`${product.url}/districts/12.71.14?sort=pace`);
  await page.waitForURL(/\/sign-in/);
  await expect.poll(() => textOf(page)).toContain('Halaman yang Anda tuju meminta akun.');

  await page.click('button[type=submit]');
  await expect.poll(() => textOf(page)).toContain('Isi nama akun dan kata sandi.');
  await fillIn(page, { ...accountOf(product, 'district'), password: 'not this' });
  await expect.poll(() => textOf(page)).toContain('Nama akun atau kata sandi tidak cocok.');
  await fillIn(page, { username: 'nobody', password: 'not this' });
  await expect.poll(() => textOf(page)).toContain('Nama akun atau kata sandi tidak cocok.');

  await fillIn(page, accountOf(product, 'district'));
  await page.waitForSelector('[data-total]');
  expect(await placeOf(page)).toBe('/districts/12.71.14?sort=pace');
  expect(await textOf(page)).toContain('Medan Tembung');
  await page.close();
});

test('[PAG-30] signing out ends the session: the page is gone, here and under its address', async () => {
  const page = await openAs(browser, product, 'district', '/districts/12.71.14');
  await page.waitForSelector('[data-total]');
  await page.click('text=Keluar');
  await page.waitForURL(/\/sign-in/);
  expect(await textOf(page)).not.toContain('2.123');
  await page.goto(`${product.url}/districts/12.71.14`);
  await page.waitForURL(/\/sign-in/);
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('12.71.14.1001');
  await page.context().close();
});

test('[PAG-13] signing out in one tab takes the figures away in the other, and who signs in there is who sits here', async () => {
  const page = await openAs(browser, product, 'district', '/districts/12.71.14');
  await page.waitForSelector('[data-total]');
  const other = await page.context().newPage();
  await other.goto(`${product.url}/districts/12.71.14`);
  await other.click('text=Keluar');
  await page.waitForURL(/\/sign-in/);
  expect(await textOf(page)).not.toContain('2.123');
  await fillIn(other, accountOf(product, 'village'));
  await expect.poll(() => page.locator('header nav a').first().innerText()).toBe('Indra Kasih');
  await page.context().close();
});

test('[PAG-13] whoever signs in over an open page gets it as their own', async () => {
  const page = await openAs(browser, product, 'leadership', '/districts/12.71.14');
  await page.waitForSelector('[data-total]');
  const { username, password } = accountOf(product, 'district');
  // As another page of this browser that cannot tell: the cookie changes, and the connection is renewed.
  await page.evaluate(
    async (body) => {
      await fetch('/session', { method: 'DELETE' });
      await fetch('/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    },
    { username, password },
  );
  await expect.poll(() => textOf(page), { timeout: 15_000 }).not.toContain('leadership');
  await page.waitForSelector('[data-total]');
  expect(await page.locator('header nav a').first().innerText()).toBe('Medan Tembung');
  await page.context().close();
});

test('[PAG-31] each account has its own sections and no others', async () => {
  const expected = {
    leadership: ['/leadership', '/districts'],
    governance: ['/leadership', '/districts'],
    district: ['/districts/12.71.14'],
    village: ['/villages/12.71.14.1001'],
    neighborhood: ['/kepling'],
  };
  for (const [role, addresses] of Object.entries(expected)) {
    const page = await openAs(browser, product, role, '/leadership');
    await page.waitForSelector('nav a');
    const shown = await page
      .locator('header nav')
      .first()
      .locator('a')
      .evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
    expect(shown, role).toEqual(addresses);
    await page.goto(`${product.url}${addresses[0]}`);
    await page.waitForSelector('[data-total]');
    await page.context().close();
  }
});

test('[PAG-32] the language stays from page to page, is said to the browser, and is in the address', async () => {
  const page = await browser.newPage();
  await page.goto(`${product.url}/`);
  await page.waitForSelector('[data-total]');
  expect(await page.getAttribute('html', 'lang')).toBe('id');
  await page.click('text=English');
  await expect.poll(() => page.getAttribute('html', 'lang')).toBe('en');
  await page.click('text=City leadership');
  await page.waitForURL(/\/sign-in/);
  await expect.poll(() => textOf(page)).toContain('Account name');
  await fillIn(page, accountOf(product, 'leadership'));
  await page.waitForURL(/\/leadership/);
  await page.click('text=Districts');
  await page.waitForURL(/\/districts/);
  expect(await placeOf(page)).toBe('/districts?lang=en');
  expect(await page.getAttribute('html', 'lang')).toBe('en');
  await page.close();
});

test('[PAG-33] the door and the start page have no serious finding in either language, and nothing scrolls sideways', async () => {
  for (const width of [390, 720, 1440]) {
    const page = await browser.newPage({ viewport: { width, height: 844 } });
    for (const address of ['/', '/sign-in', '/nowhere']) {
      for (const language of ['id', 'en']) {
        await page.goto(`${product.url}${address}?lang=${language}`);
        await page.waitForSelector('h1');
        expect(await seriousFindings(page), `${address} ${language} ${width}`).toEqual([]);
        expect(await sidewaysPixels(page), `${address} ${language} ${width}`).toBe(0);
      }
    }
    await page.close();
  }
});
