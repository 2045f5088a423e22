import type { Pool } from 'pg';
import { invariant } from '#server/base/invariant.ts';
import { type AreaLevel, isWithin } from './area-code.ts';

/** An area as every answer needs it. Areas do not change while a process runs. */
export interface Area {
  readonly id: number;
  readonly code: string;
  readonly level: AreaLevel;
  readonly name: string;
  readonly shortName: string;
  readonly abbreviation: string | null;
  readonly number: number | null;
  readonly parentId: number | null;
  readonly isSimulated: boolean;
}

/** The city's whole tree, held in memory: 2,174 areas. Lists are ordered by code. */
export interface AreaIndex {
  readonly city: Area;
  readonly all: readonly Area[];
  byCode(code: string): Area | undefined;
  byId(id: number): Area | undefined;
  childrenOf(area: Area): readonly Area[];
  parentOf(area: Area): Area | undefined;
  /** The areas of a level inside an area, by code. */
  within(area: Area, level: AreaLevel): readonly Area[];
  /** Of the neighborhoods inside an area; itself, for one. */
  neighborhoodIds(area: Area): readonly number[];
  /** Whether `area` is `scopeCode`'s area or lies inside it. */
  isInside(area: Area, scopeCode: string): boolean;
}

export async function readAreaIndex(pool: Pool, programId: number): Promise<AreaIndex> {
  const { rows } = await pool.query<Area>(
    `SELECT id, code, level, name, short_name AS "shortName", abbreviation, number, parent_id AS "parentId",
            is_simulated AS "isSimulated"
       FROM areas WHERE program_id = $1 ORDER BY code`,
    [programId],
  );
  return indexAreas(rows);
}

/** Indexes areas that are ordered by code and have exactly one city. */
function indexAreas(all: readonly Area[]): AreaIndex {
  const byCode = new Map(all.map((area) => [area.code, area]));
  const byId = new Map(all.map((area) => [area.id, area]));
  const children = new Map<number | null, Area[]>();
  for (const area of all) {
    const siblings = children.get(area.parentId);
    if (siblings) siblings.push(area);
    else children.set(area.parentId, [area]);
  }
  const city = all.find((area) => area.level === 'CITY');
  invariant(city, 'a program has a city');
  return {
    city,
    all,
    byCode: (code) => byCode.get(code),
    byId: (id) => byId.get(id),
    childrenOf: (area) => children.get(area.id) ?? [],
    parentOf: (area) => (area.parentId === null ? undefined : byId.get(area.parentId)),
    within: (area, level) => all.filter((each) => each.level === level && isWithin(each.code, area.code)),
    neighborhoodIds: (area) =>
      all
        .filter(({ level, code }) => level === 'NEIGHBORHOOD' && isWithin(code, area.code))
        .map(({ id }) => id),
    isInside: (area, scopeCode) => isWithin(area.code, scopeCode),
  };
}
