/** A board in a real browser, looked at all the time, so that a test can say what it showed during a fault. */
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { readDrawn, recordDrawn } from '#test/support/drawn.ts';
import { until } from '#test/support/wait.ts';

export interface Sample {
  /** Wall clock, milliseconds since the epoch. */
  readonly atMs: number;
  readonly state: string | null;
  readonly revision: number;
  /** Null where no number is to be seen. */
  readonly total: number | null;
  /** The words in the corner: mode, state, time, age. */
  readonly corner: string;
}

export async function openWatchedBoard(context: BrowserContext, url: string) {
  const page = await context.newPage();
  await recordDrawn(page);
  await page.addInitScript({ path: fileURLToPath(new URL('sample-board.js', import.meta.url)) });
  let loads = 0;
  page.on('load', () => loads++);
  await page.goto(`${url}/board`);
  await isTrue(page, 0);
  return {
    page,
    /** How often the page was loaded, by whomever. */
    get loads() {
      return loads;
    },
    /** What it showed since a moment, up to now; only of the page as last loaded. */
    async since(fromMs: number): Promise<readonly Sample[]> {
      const samples = await page.evaluate(() => (globalThis as unknown as { samples: Sample[] }).samples);
      return samples.filter(({ atMs }) => atMs >= fromMs);
    },
    drawn: () => readDrawn(page),
    isTrue: (revision: number, withinMs?: number) => isTrue(page, revision, withinMs),
    isKept: () => isKept(page),
  };
}

export type WatchedBoard = Awaited<ReturnType<typeof openWatchedBoard>>;

/** Waits until the board is live at `revision` or after it; gives how long that took, in milliseconds. */
async function isTrue(page: Page, revision: number, withinMs = 30_000): Promise<number> {
  const startedAt = performance.now();
  await until(
    `the board to be live at revision ${revision}`,
    async () => {
      const { state, shown } = await page.evaluate(() => {
        const root = document.querySelector<HTMLElement>('[data-state]');
        return { state: root?.dataset.state, shown: Number(root?.dataset.revision ?? -1) };
      });
      return state === 'live' && shown >= revision;
    },
    withinMs,
  );
  return performance.now() - startedAt;
}

/** Waits until the service worker has taken the board in. */
async function isKept(page: Page): Promise<void> {
  await until('the board to be kept', () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      return registration?.active?.state === 'activated' && navigator.serviceWorker.controller !== null;
    }),
  );
}
