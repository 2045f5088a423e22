import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

/** What a board had drawn in one animation frame, by its data attributes and the text for screen readers. */
export interface Drawn {
  readonly epoch: string;
  readonly revision: number;
  readonly total: number;
  readonly spoken: string;
  readonly areas: Readonly<Record<string, number>>;
  /** Milliseconds of the page's clock, since the epoch, two animation frames after the change. */
  readonly paintedAt: number;
}

/** Begins to write down, in every animation frame, what the board shows. To be called before the page is opened. */
export async function recordDrawn(page: Page): Promise<void> {
  // A file of its own and plain JavaScript: it runs in the page, where nothing of ours is.
  await page.addInitScript({ path: fileURLToPath(new URL('record-drawn.js', import.meta.url)) });
}

export function readDrawn(page: Page): Promise<readonly Drawn[]> {
  return page.evaluate(() => (globalThis as unknown as { drawn: Drawn[] }).drawn);
}
