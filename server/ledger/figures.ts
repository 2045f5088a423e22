/**
 * The twelve whole numbers the ledger keeps for every neighborhood. Everything a screen shows is a sum of these
 * or follows from them; nothing else is ever posted.
 *
 * `enrolled = monthsNone + monthsOne + monthsMore = tooNew + stopped + paying + inArrears + lapsed + resumed`;
 * the database refuses a row for which this does not hold.
 */
export const FIGURES = [
  'enrolled',
  'pending',
  'target',
  'monthsNone',
  'monthsOne',
  'monthsMore',
  'tooNew',
  'stopped',
  'paying',
  'inArrears',
  'lapsed',
  'resumed',
] as const;

export type Figure = (typeof FIGURES)[number];
export type Figures = Readonly<Record<Figure, number>>;
export type FigureChange = Readonly<Partial<Record<Figure, number>>>;

/** The column of each figure; the same in every table that has them. */
export const COLUMN: Readonly<Record<Figure, string>> = {
  enrolled: 'enrolled',
  pending: 'pending',
  target: 'target',
  monthsNone: 'months_none',
  monthsOne: 'months_one',
  monthsMore: 'months_more',
  tooNew: 'too_new',
  stopped: 'stopped',
  paying: 'paying',
  inArrears: 'in_arrears',
  lapsed: 'lapsed',
  resumed: 'resumed',
};

/** Figures out of a row of numbers that has them in the order of FIGURES from `at` on. Written out: it is made for every area of every frame. */
export function toFigures(row: ArrayLike<number>, at: number): Figures {
  return {
    enrolled: row[at] ?? 0,
    pending: row[at + 1] ?? 0,
    target: row[at + 2] ?? 0,
    monthsNone: row[at + 3] ?? 0,
    monthsOne: row[at + 4] ?? 0,
    monthsMore: row[at + 5] ?? 0,
    tooNew: row[at + 6] ?? 0,
    stopped: row[at + 7] ?? 0,
    paying: row[at + 8] ?? 0,
    inArrears: row[at + 9] ?? 0,
    lapsed: row[at + 10] ?? 0,
    resumed: row[at + 11] ?? 0,
  };
}

export type PersistencyClass = 'TOO_NEW' | 'STOPPED' | 'PAYING' | 'IN_ARREARS' | 'LAPSED' | 'RESUMED';

/** The figure that counts a persistency class. */
export const CLASS_FIGURE: Readonly<Record<PersistencyClass, Figure>> = {
  TOO_NEW: 'tooNew',
  STOPPED: 'stopped',
  PAYING: 'paying',
  IN_ARREARS: 'inArrears',
  LAPSED: 'lapsed',
  RESUMED: 'resumed',
};

/** The figure that counts people with so many covered months. */
export function monthsFigure(monthsCovered: number): Figure {
  return monthsCovered === 0 ? 'monthsNone' : monthsCovered === 1 ? 'monthsOne' : 'monthsMore';
}

/** What one enrolled person adds to the figures, or takes away (`sign` -1). */
export function personFigures(
  sign: 1 | -1,
  monthsCovered: number,
  persistency: PersistencyClass,
): FigureChange {
  return { enrolled: sign, [monthsFigure(monthsCovered)]: sign, [CLASS_FIGURE[persistency]]: sign };
}

export function zeroFigures(): Record<Figure, number> {
  return {
    enrolled: 0,
    pending: 0,
    target: 0,
    monthsNone: 0,
    monthsOne: 0,
    monthsMore: 0,
    tooNew: 0,
    stopped: 0,
    paying: 0,
    inArrears: 0,
    lapsed: 0,
    resumed: 0,
  };
}

export function addFigures(into: Record<Figure, number>, change: FigureChange): void {
  for (const figure of FIGURES) into[figure] += change[figure] ?? 0;
}

/** `alias.enrolled, alias.pending, ...` for a SELECT list. */
export function figureColumns(alias: string): string {
  return FIGURES.map((figure) => `${alias}.${COLUMN[figure]}`).join(', ');
}

/** `sum(alias.enrolled)::int AS "enrolled", ...`: the figures of many rows under their names in code. */
export function figureSums(alias: string): string {
  return FIGURES.map((figure) => `coalesce(sum(${alias}.${COLUMN[figure]}), 0)::int AS "${figure}"`).join(
    ', ',
  );
}

/** `alias.enrolled AS "enrolled", ...`: one row's figures under their names in code. */
export function figureValues(alias: string): string {
  return FIGURES.map((figure) => `${alias}.${COLUMN[figure]} AS "${figure}"`).join(', ');
}

/** `enrolled int, pending int, ...`: the figures as the record definition of a JSON row. */
export const FIGURE_RECORD = FIGURES.map((figure) => `${COLUMN[figure]} int`).join(', ');

/** The figures that change, keyed by column, as the ledger's JSON rows carry them; one that is missing is 0. */
export function figureRow(change: FigureChange): Record<string, number> {
  const row: Record<string, number> = {};
  for (const figure of FIGURES) if (change[figure]) row[COLUMN[figure]] = change[figure];
  return row;
}

/** `coalesce(alias.enrolled, 0), ...`: the figures of such a JSON row, for a SELECT list. */
export function figureRowValues(alias: string): string {
  return FIGURES.map((figure) => `coalesce(${alias}.${COLUMN[figure]}, 0)`).join(', ');
}
