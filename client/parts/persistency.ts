import type { PictureFragment } from '#client/wire/generated/graphql.ts';

/** The three honest bands under *enrolled*. A band with a hidden cell in it is null: not known here, which is not 0. */
export interface Bands {
  readonly paying: number | null;
  readonly tooNew: number | null;
  readonly notPaying: number | null;
}

type Persistency = PictureFragment['whole']['totals']['persistency'];

/** Null where no day has been closed yet, so that nothing can be said. */
export function bandsOf(persistency: Persistency): Bands | null {
  if (persistency === null) return null;
  const { tooNew, stopped, paying, inArrears, lapsed, resumed } = persistency;
  return { paying: sum(paying, resumed), tooNew, notPaying: sum(stopped, inArrears, lapsed) };
}

function sum(...cells: (number | null)[]): number | null {
  let total = 0;
  for (const cell of cells) {
    if (cell === null) return null;
    total += cell;
  }
  return total;
}
