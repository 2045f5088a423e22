import { existsSync } from 'node:fs';
import path from 'node:path';
import packaged from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const INSTALLED = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real browser: CHROME_PATH, an installed one, or the one inside the npm package. Nothing is downloaded. */
export async function launchBrowser(): Promise<Browser> {
  // The package's own arguments are for functions that live a second: one process for all pages, which ends with the first.
  return chromium.launch({ executablePath: await findBrowser(), args: QUIET });
}

/** Its program's path. The one inside the package is unpacked the first time. */
export async function findBrowser(): Promise<string> {
  return process.env.CHROME_PATH ?? findInstalled() ?? packaged.executablePath();
}

function findInstalled(): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders
    .flatMap((folder) => INSTALLED.map((name) => path.join(folder, name)))
    .find((file) => existsSync(file));
}
