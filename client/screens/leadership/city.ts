/** The city as it can be chosen from: its districts and villages by name, and how many neighborhoods each has. */
import type { CityAreasQuery } from '#client/wire/generated/staff/graphql.ts';

interface Chosen {
  readonly code: string;
  readonly name: string;
}

export interface City extends Chosen {
  readonly startsOn: string;
  readonly districts: readonly (Chosen & { readonly villages: readonly Chosen[] })[];
  readonly neighborhoods: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<string, string>;
}

export function cityOf({ program }: CityAreasQuery): City {
  const { city, startsOn } = program;
  const neighborhoods = new Map<string, number>([[city.code, city.totals.neighborhoods]]);
  const names = new Map<string, string>([[city.code, city.name]]);
  const note = (area: { code: string; name: string; totals: { neighborhoods: number } }) => {
    neighborhoods.set(area.code, area.totals.neighborhoods);
    names.set(area.code, area.name);
  };
  for (const district of city.children) {
    note(district);
    for (const village of district.children) note(village);
  }
  const districts = city.children.map(({ code, name, children }) => ({ code, name, villages: children }));
  return { code: city.code, name: city.name, startsOn, districts, neighborhoods, names };
}
