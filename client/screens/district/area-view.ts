/** From one picture to what the page shows of it. Pure: the same for the same, and every sum of whole numbers. */
import type { AreaRow } from '#client/parts/area-rows.ts';
import { addUp, byVillage, type Sums, sumsOf } from '#client/parts/area-sums.ts';
import type { Neighborhood } from '#client/parts/needs.ts';
import type { TiledVillage } from '#client/parts/neighborhood-tiles.tsx';
import { type Closings, type Pace, paceOf } from '#client/parts/pace.ts';
import type { AreaLevel, AreaPictureFragment } from '#client/wire/generated/staff/graphql.ts';

interface Named {
  readonly code: string;
  readonly name: string;
}

/** Of which level an area's frame has its parts: a district's are neighborhoods, so that villages can be summed. */
export const partsOf: Readonly<Record<AreaLevel, AreaLevel | null>> = {
  CITY: 'DISTRICT',
  DISTRICT: 'NEIGHBORHOOD',
  VILLAGE: 'NEIGHBORHOOD',
  NEIGHBORHOOD: null,
};

/** Of which level the table's lines are. */
export const rowLevelOf: Readonly<Record<AreaLevel, AreaLevel | null>> = {
  CITY: 'DISTRICT',
  DISTRICT: 'VILLAGE',
  VILLAGE: 'NEIGHBORHOOD',
  NEIGHBORHOOD: null,
};

/** The table's lines. In a district they are its villages, each the sum of its neighborhoods. */
export function rowsOf(
  level: AreaLevel,
  { parts }: Pick<AreaPictureFragment, 'parts'>,
  children: readonly Named[],
  closings: Closings | null,
  today: string,
): readonly AreaRow[] {
  const row = ({ code, name }: Named, sums: Sums): AreaRow => ({
    code,
    name,
    sums,
    pace: closings === null ? null : paceOf(closings, code, sums.enrolled, today),
  });
  if (level !== 'DISTRICT') return parts.map((part) => row(part.area, sumsOf(part)));
  const villages = byVillage(parts);
  return children.flatMap((child) => {
    const neighborhoods = villages.get(child.code);
    return neighborhoods === undefined ? [] : [row(child, addUp(neighborhoods.map(sumsOf)))];
  });
}

/** How fast the whole goes: the sum of its lines; null while one of them is not known. */
export function wholePaceOf(rows: readonly AreaRow[]): Pick<Pace, 'sevenDays'> | null {
  let sevenDays = 0;
  for (const { pace } of rows) {
    if (pace === null) return null;
    sevenDays += pace.sevenDays;
  }
  return rows.length === 0 ? null : { sevenDays };
}

/** A district's neighborhoods, village by village. */
export function tilesOf(
  { parts }: Pick<AreaPictureFragment, 'parts'>,
  children: readonly Named[],
): readonly TiledVillage[] {
  const villages = byVillage(parts);
  return children.flatMap(({ code, name }) => {
    const neighborhoods = villages.get(code);
    if (neighborhoods === undefined) return [];
    return [
      {
        code,
        name,
        neighborhoods: neighborhoods.map(({ area, totals }) => ({
          code: area.code,
          name: area.name,
          enrolled: totals.enrolled,
          target: totals.target,
        })),
      },
    ];
  });
}

/** The neighborhoods as `needsOf` wants them. */
export function neighborhoodsOf(
  { parts }: Pick<AreaPictureFragment, 'parts'>,
  weekAgo: Closings | null,
  day: string,
): readonly Neighborhood[] {
  return parts.map(({ area, totals }) => {
    const before = weekAgo?.get(area.code)?.get(day);
    return {
      code: area.code,
      name: area.name,
      enrolled: totals.enrolled,
      target: totals.target,
      sevenDays: before === undefined ? null : totals.enrolled - before,
    };
  });
}

/** The line where the largest share of people has stopped paying; null while unknown, or where nobody has. */
export function mostStopped(
  rows: readonly AreaRow[],
): { readonly name: string; readonly count: number; readonly enrolled: number } | null {
  let worst: { name: string; count: number; enrolled: number } | null = null;
  for (const { name, sums } of rows) {
    const count = sums.bands?.notPaying ?? 0;
    if (count === 0) continue;
    if (worst === null || count * worst.enrolled > worst.count * sums.enrolled) {
      worst = { name, count, enrolled: sums.enrolled };
    }
  }
  return worst;
}
