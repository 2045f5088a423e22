/** One line of a page's table: an area, its sums, and how fast it goes. */
import type { Sums } from './area-sums.ts';
import type { Pace } from './pace.ts';

export interface AreaRow {
  readonly code: string;
  readonly name: string;
  readonly sums: Sums;
  readonly pace: Pace | null;
}

export const columns = ['name', 'enrolled', 'rate', 'complete', 'paying', 'pace'] as const;
export type Column = (typeof columns)[number];

export interface Order {
  readonly by: Column;
  readonly isRising: boolean;
}

/** Best first, as places are given. */
export const usualOrder: Order = { by: 'rate', isRising: false };

/** `rate` downward, `-` before it upward: as it stands in the address. Names begin with A. */
export function orderOf(asked: unknown): Order {
  if (typeof asked !== 'string') return usualOrder;
  const isTurned = asked.startsWith('-');
  const by = columns.find((column) => column === (isTurned ? asked.slice(1) : asked));
  if (by === undefined) return usualOrder;
  return { by, isRising: isTurned !== (by === 'name') };
}

/** What the address says for an order; undefined for the usual one, which needs no saying. */
export function orderText({ by, isRising }: Order): string | undefined {
  if (by === usualOrder.by && isRising === usualOrder.isRising) return undefined;
  return isRising === (by === 'name') ? by : `-${by}`;
}

/** Choosing a column sorts by it; choosing it again turns it round. */
export function turned(order: Order, by: Column): Order {
  return order.by === by ? { by, isRising: !order.isRising } : { by, isRising: by === 'name' };
}

/** Rates are compared exactly, by multiplying across; equals by enrolled, then by code. Unknown is always last. */
export function sorted(rows: readonly AreaRow[], { by, isRising }: Order): readonly AreaRow[] {
  const sign = isRising ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [left, right] = [shareOf(a, by), shareOf(b, by)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    const difference =
      by === 'name' ? a.name.localeCompare(b.name, 'id') : left.part * right.whole - right.part * left.whole;
    return sign * difference || b.sums.enrolled - a.sums.enrolled || (a.code < b.code ? -1 : 1);
  });
}

function shareOf({ sums, pace }: AreaRow, by: Column): { part: number; whole: number } | null {
  switch (by) {
    case 'name':
      return { part: 0, whole: 1 };
    case 'enrolled':
      return { part: sums.enrolled, whole: 1 };
    case 'rate':
      return sums.target > 0 ? { part: sums.enrolled, whole: sums.target } : null;
    case 'complete':
      return sums.neighborhoods > 0 ? { part: sums.complete, whole: sums.neighborhoods } : null;
    case 'paying':
      return sums.bands === null || sums.bands.paying === null || sums.enrolled === 0
        ? null
        : { part: sums.bands.paying, whole: sums.enrolled };
    case 'pace':
      return pace === null ? null : { part: pace.sevenDays, whole: 1 };
  }
}
