import { type RefObject, useLayoutEffect, useRef } from 'react';
import { prefersCuts } from '#client/design/frame-loop.ts';

const glideMs = 700;

/**
 * Lets the children of a column of equal rows glide to their new places. Nothing is measured: places are counted, a
 * row being 100 % of itself high. Offsets add up, so a row that is sent elsewhere while it glides bends its way
 * instead of jumping. `keys` are the rows from top to bottom; a row that was not there comes in from below
 * (`from: 'below'`) or from above.
 */
export function useGlide(
  column: RefObject<HTMLElement | null>,
  keys: readonly string[],
  from: 'above' | 'below',
): void {
  const before = useRef<readonly string[] | null>(null);
  useLayoutEffect(() => {
    const old = before.current;
    before.current = keys;
    if (old === null || column.current === null || prefersCuts()) return;
    const rows = column.current.children;
    keys.forEach((key, place) => {
      const row = rows[place];
      if (row === undefined) return;
      const oldPlace = old.indexOf(key);
      const isNew = oldPlace === -1;
      const way = isNew ? (from === 'below' ? 1 : -1) : oldPlace - place;
      if (way === 0) return;
      const timing = { duration: glideMs, easing: 'cubic-bezier(0.22, 0.8, 0.24, 1)' };
      row.animate(
        { transform: [`translateY(${way * 100}%)`, 'translateY(0)'] },
        { ...timing, composite: 'add' },
      );
      if (isNew) row.animate({ opacity: [0, 1] }, timing);
    });
  });
}
