/**
 * The figures of an area as sums of whole numbers, so that those of a village are exactly those of its neighborhoods.
 * Nothing here is a rate: rates are made from two of these numbers where they are written.
 */
import type { AreaPictureFragment } from '#client/wire/generated/staff/graphql.ts';
import { type Bands, bandsOf } from './persistency.ts';

export interface Sums {
  readonly enrolled: number;
  readonly target: number;
  /** Sum of min(enrolled, own target) over the neighborhoods: no surplus hides a gap. */
  readonly even: number;
  readonly neighborhoods: number;
  readonly complete: number;
  /** Null while nothing can be said. */
  readonly bands: Bands | null;
  /** People who have paid exactly one month; null where that is not known. */
  readonly oneMonth: number | null;
}

type Part = AreaPictureFragment['parts'][number];

/** What one line of a frame says. */
export function sumsOf({ totals }: Pick<Part, 'totals'>): Sums {
  return {
    enrolled: totals.enrolled,
    target: totals.target,
    // The rate was made from a whole number of at most `target`: rounding gives it back exactly.
    even: Math.round((totals.evenAchievement ?? 0) * totals.target),
    neighborhoods: totals.neighborhoods,
    complete: totals.completeNeighborhoods,
    bands: bandsOf(totals.persistency),
    oneMonth: totals.monthsPaid?.one ?? null,
  };
}

export function gapOf({ enrolled, target }: Pick<Sums, 'enrolled' | 'target'>): number {
  return Math.max(0, target - enrolled);
}

const nothing: Sums = {
  enrolled: 0,
  target: 0,
  even: 0,
  neighborhoods: 0,
  complete: 0,
  bands: { paying: 0, tooNew: 0, notPaying: 0 },
  oneMonth: 0,
};

/** The sum of several; a piece that is unknown in one of them is unknown in the sum. */
export function addUp(all: readonly Sums[]): Sums {
  return all.reduce(
    (sum, each) => ({
      enrolled: sum.enrolled + each.enrolled,
      target: sum.target + each.target,
      even: sum.even + each.even,
      neighborhoods: sum.neighborhoods + each.neighborhoods,
      complete: sum.complete + each.complete,
      bands: addBands(sum.bands, each.bands),
      oneMonth: plus(sum.oneMonth, each.oneMonth),
    }),
    nothing,
  );
}

function addBands(a: Bands | null, b: Bands | null): Bands | null {
  if (a === null || b === null) return null;
  return {
    paying: plus(a.paying, b.paying),
    tooNew: plus(a.tooNew, b.tooNew),
    notPaying: plus(a.notPaying, b.notPaying),
  };
}

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

/** `12.71.14.1001` of the neighborhood `12.71.14.1001-007`. */
export function villageCodeOf(neighborhood: string): string {
  return neighborhood.slice(0, neighborhood.indexOf('-'));
}

/** `12.71.14` of the village `12.71.14.1001`. */
export function districtCodeOf(village: string): string {
  return village.slice(0, village.lastIndexOf('.'));
}

/** Neighborhoods by the code of their village, in the order they come in. */
export function byVillage(neighborhoods: readonly Part[]): ReadonlyMap<string, readonly Part[]> {
  const villages = new Map<string, Part[]>();
  for (const part of neighborhoods) {
    const code = villageCodeOf(part.area.code);
    const village = villages.get(code);
    if (village === undefined) villages.set(code, [part]);
    else village.push(part);
  }
  return villages;
}
