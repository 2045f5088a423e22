import type { Page } from 'playwright-core';
import { until } from './wait.ts';

/** Width and height of walls that there are. */
export const WALLS = [
  [1920, 1080],
  [1024, 576],
  [1024, 768],
  [1280, 1024],
  [1536, 1024],
  [1536, 768],
  [2048, 768],
  [1080, 1920],
] as const;

/** A text on a wall that is too small to be read, or does not keep within its place. */
export interface Misfit {
  readonly where: string;
  readonly text: string;
  readonly why: string;
}

/**
 * Makes a page see its frames with other figures: `factor` times the target wherever there is one, rounded up. It is the
 * real server's frame in every other way; for looking at a wall in a state that the demonstration reaches only late.
 */
export async function dressFrames(page: Page, factor: number): Promise<void> {
  const dress = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(dress);
    if (typeof value !== 'object' || value === null) return value;
    const dressed = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, dress(each)]));
    const { enrolled, target } = dressed;
    if (typeof enrolled !== 'number' || typeof target !== 'number') return dressed;
    return { ...dressed, enrolled: Math.ceil(target * factor) };
  };
  await page.routeWebSocket(/\/graphql$/, (socket) => {
    socket.connectToServer().onMessage((message) => {
      socket.send(JSON.stringify(dress(JSON.parse(String(message)))));
    });
  });
}

/**
 * The texts and counters of a board that break the rules of a wall: a thirtieth of its height at least, inside the
 * margin of 5 % (and a few pixels for the drift against burn-in), inside their own row or tile, none on another or on a
 * tile that is not theirs, and no scrollbars. Reads at a moment when nothing is on its way in; the cloth of standby goes
 * on for ever. Throws where there is nothing to look at.
 */
export async function readMisfits(page: Page, where: string): Promise<Misfit[]> {
  const { count, misfits } = await until(`${where} to stand`, () => readStanding(page, where));
  if (count === 0) throw new Error(`no text was found on ${where}`);
  return misfits;
}

/** Null while something comes in: asked and read in one step, since a new line may come in at every beat. */
function readStanding(page: Page, where: string): Promise<{ count: number; misfits: Misfit[] } | null> {
  return page.evaluate((name) => {
    const isComing = (each: Animation) => each.effect?.getComputedTiming().iterations === 1;
    if (document.getAnimations().some(isComing)) return null;
    const { innerWidth: width, innerHeight: height } = window;
    const drift = 8;
    const found: { words: string; size: number; slack: number; box: DOMRect; row: DOMRect | undefined }[] =
      [];
    for (const element of document.querySelectorAll<HTMLElement>('main *')) {
      let isHidden = false;
      for (let at: Element | null = element; at && !isHidden; at = at.parentElement) {
        isHidden = getComputedStyle(at).clipPath.startsWith('inset');
      }
      if (isHidden) continue;
      const size = Number.parseFloat(getComputedStyle(element).fontSize);
      const row = element.closest('[data-area]')?.getBoundingClientRect();
      const note = (words: string, box: DOMRect, slack: number) => {
        if (box.width > 0) found.push({ words, size, slack: slack * size, box, row });
      };
      // A line is taller than its letters: only what is sure to be ink counts. A counter's cell is its digits.
      if (element.ariaHidden === 'true' && element.querySelector('[data-strip]') !== null) {
        note(element.previousSibling?.textContent ?? '', element.getBoundingClientRect(), 0.06);
      }
      for (const text of element.childNodes) {
        if (text.nodeType !== 3 || !text.textContent?.trim()) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        // Each line by itself: a text that goes on in the next one lies on nothing between.
        for (const line of range.getClientRects()) note(text.textContent, line, 0.3);
      }
    }
    const tiles = [...document.querySelectorAll('ul > [data-area]')].map((tile) =>
      tile.getBoundingClientRect(),
    );
    const overlap = (a: DOMRect, b: DOMRect, slack: number) =>
      a.right > b.left + 1 && a.left < b.right - 1 && a.bottom - slack > b.top && a.top + slack < b.bottom;
    const misfits: { where: string; text: string; why: string }[] = [];
    for (const [at, { words, size, slack, box, row }] of found.entries()) {
      const say = (why: string) => misfits.push({ where: name, text: words, why });
      if (size < height / 30 - 0.05) say(`is of ${size} px`);
      // A big letter is set out of its line by the white at its side, so that its ink stands on the margin.
      const aside = drift + 0.04 * size;
      if (box.left < 0.05 * width - aside || box.right > 0.95 * width + aside) say('leaves the margin');
      if (box.top < 0.05 * height - drift - slack || box.bottom > 0.95 * height + drift + slack)
        say('leaves the margin');
      if (!row && tiles.some((tile) => overlap(box, tile, slack))) say('lies on a tile');
      if (row && (box.left < row.left - 1 || box.right > row.right + 1)) say('leaves its row');
      for (const other of found.slice(at + 1)) {
        const isBeside = box.right <= other.box.left + 1 || other.box.right <= box.left + 1;
        const isApart =
          box.bottom - slack <= other.box.top + other.slack ||
          other.box.bottom - other.slack <= box.top + slack;
        if (!isBeside && !isApart) say(`lies on "${other.words}"`);
      }
    }
    const { scrollWidth, scrollHeight } = document.documentElement;
    if (scrollWidth > width || scrollHeight > height) misfits.push({ where: name, text: '', why: 'scrolls' });
    return { count: found.length, misfits };
  }, where);
}
