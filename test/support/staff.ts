import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Product } from './product.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Account {
  readonly username: string;
  readonly password: string;
}

/** The name and password of a role's demonstration account, as they are printed for people. */
export function accountOf(product: Product, role: string): Account {
  const accounts = JSON.parse(
    readFileSync(path.join(product.dataDir, 'demo-accounts.json'), 'utf8'),
  ) as (Account & {
    role: string;
  })[];
  const account = accounts.find((each) => each.role === role);
  if (!account) throw new Error(`no account of role ${role}`);
  return account;
}

/** Fills in the sign-in page that is open. */
export async function fillIn(page: Page, { username, password }: Account): Promise<void> {
  await page.fill('[name=username]', username);
  await page.fill('[name=password]', password);
  await page.press('[name=password]', 'Enter');
}

/** A page of its own, signed in through the door, on the way to `address`. The caller closes its context. */
export async function openAs(
  browser: Browser,
  product: Product,
  role: string,
  address: string,
  options: BrowserContextOptions = { viewport: { width: 1440, height: 900 } },
): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(`${product.url}${address}`);
  await page.waitForURL(/\/sign-in/);
  await fillIn(page, accountOf(product, role));
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  return page;
}

/** What axe-core finds on the page that is serious or worse, as one line each. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ target }) => target.join(' ')).join(', ')))`);
}

/** By how many pixels the page is wider than its window. */
export function sidewaysPixels(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** Bytes of script, compressed with gzip, that the page has loaded so far. */
export async function scriptBytes(page: Page): Promise<number> {
  const addresses: string[] = await page.evaluate(
    "performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js'))",
  );
  const sizes = [...new Set(addresses)].map(async (address) => {
    const script = await (await fetch(address)).arrayBuffer();
    return gzipSync(Buffer.from(script), { level: 9 }).length;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
