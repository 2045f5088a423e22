import { isDay } from '#server/base/day.ts';
import { isVisibleLevel, maySeeArea } from '../access/visibility.ts';
import { parseAreaCode } from '../areas/area-code.ts';
import type { Area, AreaIndex } from '../areas/area-index.ts';
import {
  type AreaDimension,
  type Dimension,
  type Grain,
  METRIC_ROWS_MAX,
  type Measure,
  type MetricQuestion,
} from './metric-query.ts';
import { splitIntoPeriods } from './periods.ts';

/** A question as it was put. */
export interface MetricInput {
  readonly measures: readonly Measure[];
  readonly by?: readonly Dimension[] | null | undefined;
  readonly area?: string | null | undefined;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

const MEASURES_MAX = 10;
const AREA_DIMENSIONS: readonly Dimension[] = ['DISTRICT', 'VILLAGE', 'NEIGHBORHOOD'];

/** The question with its defaults filled in, or what is wrong with it, as a sentence. `scopeCode`: the asker's area. */
export function judgeQuestion(
  areas: AreaIndex,
  scopeCode: string | null,
  program: { readonly startsOn: string; readonly today: string },
  input: MetricInput,
): MetricQuestion | string {
  const measures = [...new Set(input.measures)];
  if (measures.length === 0 || measures.length > MEASURES_MAX)
    return `Ask for 1 to ${MEASURES_MAX} measures.`;

  const by = [...new Set(input.by ?? [])];
  const areaBys = by.filter((each) => AREA_DIMENSIONS.includes(each)) as AreaDimension[];
  const grains = by.filter((each) => !AREA_DIMENSIONS.includes(each)) as Grain[];
  if (areaBys.length > 1 || grains.length > 1)
    return 'Break it down by at most one level of areas and one grain of time.';

  const area = findArea(areas, scopeCode, input.area);
  if (!area) return 'There is no such area, or none for this reader.';
  const areaBy = areaBys[0] ?? null;
  if (areaBy !== null && !isVisibleLevel(areas, scopeCode, area, areaBy)) {
    return 'This area has no such parts for this reader: ask for an area inside your own.';
  }

  const from = input.from ?? program.startsOn;
  const to = input.to ?? program.today;
  if (!isDay(from) || !isDay(to) || from > to) return 'The period ends before it begins.';
  const first = [from, program.startsOn].sort().at(-1) ?? from;
  const last = [to, program.today].sort().at(0) ?? to;
  if (first > last)
    return `There is nothing in this period: the program runs from ${program.startsOn} to ${program.today}.`;

  const grain = grains[0] ?? null;
  const rows =
    splitIntoPeriods(first, last, grain).length * (areaBy === null ? 1 : areas.within(area, areaBy).length);
  if (rows > METRIC_ROWS_MAX)
    return `The answer would have ${rows} rows; the limit is ${METRIC_ROWS_MAX}. Ask for less.`;
  return { measures, areaBy, grain, area, scopeCode, from: first, to: last };
}

function findArea(areas: AreaIndex, scopeCode: string | null, code: string | null | undefined): Area | null {
  if (code === null || code === undefined) return areas.city;
  const area = areas.byCode(parseAreaCode(code) ?? '');
  return area && maySeeArea(areas, scopeCode, area) ? area : null;
}
