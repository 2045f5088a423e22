import type { AreaLevel } from '../areas/area-code.ts';
import type { Area, AreaIndex } from '../areas/area-index.ts';

/**
 * Whether an area's figures are for this reader: city and districts are for everyone, what lies below is for staff
 * inside their own area. `scopeCode` is null for the public.
 */
export function maySeeArea(areas: AreaIndex, scopeCode: string | null, area: Area): boolean {
  if (area.level === 'CITY' || area.level === 'DISTRICT') return true;
  return scopeCode !== null && areas.isInside(area, scopeCode);
}

const DEPTH: Readonly<Record<AreaLevel, number>> = { CITY: 0, DISTRICT: 1, VILLAGE: 2, NEIGHBORHOOD: 3 };

/** Whether this reader may have all of an area's parts of a level: those below it, and inside the reader's own area. */
export function isVisibleLevel(
  areas: AreaIndex,
  scopeCode: string | null,
  area: Area,
  level: AreaLevel,
): boolean {
  if (DEPTH[level] <= DEPTH[area.level]) return false;
  if (level === 'DISTRICT') return true;
  return scopeCode !== null && areas.isInside(area, scopeCode);
}
