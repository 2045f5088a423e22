import type { Area, AreaIndex } from '../areas/area-index.ts';

/**
 * Whether an area's figures are for this reader: city and districts are for everyone, what lies below is for staff
 * inside their own area. `scopeCode` is null for the public.
 */
export function maySeeArea(areas: AreaIndex, scopeCode: string | null, area: Area): boolean {
  if (area.level === 'CITY' || area.level === 'DISTRICT') return true;
  return scopeCode !== null && areas.isInside(area, scopeCode);
}
