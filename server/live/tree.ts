import { invariant } from '#server/base/invariant.ts';

/** What the live path needs to know of an area. */
export interface TreeArea {
  readonly id: number;
  readonly code: string;
  readonly level: 'CITY' | 'DISTRICT' | 'VILLAGE' | 'NEIGHBORHOOD';
  readonly parentId: number | null;
}

/** The areas as one array, parents before children, so that a sum walks upwards by index. */
export interface Tree {
  readonly areas: readonly TreeArea[];
  readonly indexOf: ReadonlyMap<number, number>;
  readonly indexByCode: ReadonlyMap<string, number>;
  /** Index of each area's parent; -1 for the city. */
  readonly parents: Int32Array;
  /** Of each area: how many neighborhoods lie in it (itself, for one). */
  readonly neighborhoods: Int32Array;
  /** An area and those beside it, by code; empty for the city. */
  siblings(index: number): readonly number[];
  /** Indexes, in the order of codes, of the areas of a level inside an area. */
  within(index: number, level: TreeArea['level']): readonly number[];
}

const DEPTH: Readonly<Record<TreeArea['level'], number>> = {
  CITY: 0,
  DISTRICT: 1,
  VILLAGE: 2,
  NEIGHBORHOOD: 3,
};

export function growTree(all: readonly TreeArea[]): Tree {
  const areas = [...all].sort((a, b) => DEPTH[a.level] - DEPTH[b.level] || (a.code < b.code ? -1 : 1));
  const indexOf = new Map(areas.map((area, index) => [area.id, index]));
  const parents = Int32Array.from(areas, (area) =>
    area.parentId === null ? -1 : (indexOf.get(area.parentId) ?? -1),
  );
  const neighborhoods = new Int32Array(areas.length);
  for (const [index, area] of areas.entries()) {
    invariant(
      (area.level === 'CITY') === (parents[index] === -1),
      `area ${area.code} has a parent, unless it is the city`,
    );
    if (area.level !== 'NEIGHBORHOOD') continue;
    for (let at = index; at >= 0; at = parents[at] ?? -1) neighborhoods[at] = (neighborhoods[at] ?? 0) + 1;
  }
  const withins = new Map<string, readonly number[]>();
  return {
    areas,
    indexOf,
    indexByCode: new Map(areas.map((area, index) => [area.code, index])),
    parents,
    neighborhoods,
    siblings(index) {
      const parent = parents[index] ?? -1;
      const area = areas[index];
      return parent < 0 || !area ? [] : this.within(parent, area.level);
    },
    within(index, level) {
      const name = `${index} ${level}`;
      let found = withins.get(name);
      if (!found) {
        found = [...areas.keys()].filter((at) => areas[at]?.level === level && isBelow(parents, at, index));
        withins.set(name, found);
      }
      return found;
    },
  };
}

function isBelow(parents: Int32Array, index: number, ancestor: number): boolean {
  for (let at = index; at >= 0; at = parents[at] ?? -1) if (at === ancestor) return true;
  return false;
}
