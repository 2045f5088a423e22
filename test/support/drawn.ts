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
  await page.addInitScript(() => {
    const drawn: Drawn[] = [];
    (globalThis as unknown as { drawn: Drawn[] }).drawn = drawn;
    let last = '';
    const look = () => {
      requestAnimationFrame(look);
      const root = document.querySelector<HTMLElement>('[data-epoch]');
      const hero = document.querySelector<HTMLElement>('[data-total]');
      if (!root?.dataset.epoch || !hero) return;
      const areas: Record<string, number> = {};
      for (const row of document.querySelectorAll<HTMLElement>('[data-area]')) {
        areas[row.dataset.area ?? ''] = Number(row.dataset.enrolled);
      }
      const seen = {
        epoch: root.dataset.epoch,
        revision: Number(root.dataset.revision),
        total: Number(hero.dataset.total),
        spoken: hero.textContent ?? '',
        areas,
      };
      const text = JSON.stringify(seen);
      if (text === last) return;
      last = text;
      requestAnimationFrame(() => {
        drawn.push({ ...seen, paintedAt: performance.timeOrigin + performance.now() });
      });
    };
    requestAnimationFrame(look);
  });
}

export function readDrawn(page: Page): Promise<readonly Drawn[]> {
  return page.evaluate(() => (globalThis as unknown as { drawn: Drawn[] }).drawn);
}
