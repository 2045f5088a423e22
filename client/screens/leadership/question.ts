/**
 * A question as the page's address says it: one measure, broken down one way, of one area, over some days. Everything
 * that an address may say is read here, and what cannot be is put right: a link always asks something.
 */
import { typedDay, writtenDay } from '#client/parts/typed-day.ts';
import type { Dimension, Measure, MetricQuery } from '#client/wire/generated/staff/graphql.ts';
import { measuresOf } from './measure.ts';

export interface Question {
  readonly measure: Measure;
  readonly by: Dimension;
  /** Null: the whole city. */
  readonly area: string | null;
  /** Days, both included; null: from the program's first, to today. Without a period only the last says anything. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Whether there is something to count between two days: growth, or a line over time. Else it is how things stand. */
export function hasPeriod({ measure, by }: Pick<Question, 'measure' | 'by'>): boolean {
  return measure === 'NEW' || isOfTime(by);
}

export type PeriodProblem = 'ORDER' | 'EARLY' | 'FUTURE';

/** What is wrong with the days that an address asks for; null where they can be asked. */
export function periodProblem(
  { from, to }: Pick<Question, 'from' | 'to'>,
  startsOn: string,
  today: string,
): PeriodProblem | null {
  const last = to ?? today;
  if (last > today) return 'FUTURE';
  if (last < startsOn || (from !== null && from < startsOn)) return 'EARLY';
  return from !== null && from > last ? 'ORDER' : null;
}

/** Places are given by rate, never by count: districts differ fourfold in size. */
const usualMeasure: Measure = 'ACHIEVEMENT';

export const measures: readonly Measure[] = [
  'ACHIEVEMENT',
  'ENROLLED',
  'NEW',
  'GAP',
  'EVEN_ACHIEVEMENT',
  'COMPLETE_NEIGHBORHOODS',
  'MONTHS_NONE',
  'MONTHS_ONE',
  'MONTHS_MORE',
  'TARGET',
];

const times: readonly Dimension[] = ['DAY', 'WEEK', 'MONTH'];

export function isOfTime(by: Dimension): boolean {
  return times.includes(by);
}

/** Into what an area can be broken down, by the depth of its code: the city, a district, a village. */
export function breakdownsOf(area: string | null): readonly Dimension[] {
  if (area === null) return ['DISTRICT', 'VILLAGE', ...times];
  return isVillage(area) ? ['NEIGHBORHOOD', ...times] : ['VILLAGE', 'NEIGHBORHOOD', ...times];
}

function isVillage(area: string): boolean {
  return area.split('.').length > 3;
}

type Address = Readonly<Record<string, unknown>>;

export function questionOf(address: Address): Question {
  const area = matching(address.area, /^\d\d\.\d\d\.\d\d(\.\d{4})?$/);
  const breakdowns = breakdownsOf(area);
  const measure = oneOf(measures, address.measure) ?? usualMeasure;
  const by = oneOf(breakdowns, address.by) ?? (breakdowns[0] as Dimension);
  return {
    measure,
    by,
    area,
    from: hasPeriod({ measure, by }) ? dayIn(address.from) : null,
    to: dayIn(address.to),
  };
}

/** What the address says for a question; what is usual needs no saying. */
export function addressOf(question: Question): Record<string, string | undefined> {
  const { measure, by, area, from, to } = question;
  return {
    measure: measure === usualMeasure ? undefined : measure.toLowerCase(),
    by: by === breakdownsOf(area)[0] ? undefined : by.toLowerCase(),
    area: area ?? undefined,
    from: hasPeriod(question) ? (from ?? undefined) : undefined,
    to: to ?? undefined,
  };
}

/** As the server wants it: the measure, and those that it is a part of. */
export function queryOf({ measure, by, area, from, to }: Question): MetricQuery {
  return { measures: [...measuresOf(measure)], by: [by], area, from, to };
}

/** The same question of another area: the breakdown stays where it can. */
export function withArea(question: Question, area: string | null): Question {
  const breakdowns = breakdownsOf(area);
  const by = breakdowns.includes(question.by) ? question.by : (breakdowns[0] as Dimension);
  return { ...question, area, by };
}

function oneOf<T extends string>(known: readonly T[], asked: unknown): T | null {
  return known.find((each) => typeof asked === 'string' && each === asked.toUpperCase()) ?? null;
}

function dayIn(asked: unknown): string | null {
  const day = matching(asked, /^\d{4}-\d\d-\d\d$/);
  return day === null ? null : typedDay(writtenDay(day));
}

function matching(asked: unknown, pattern: RegExp): string | null {
  return typeof asked === 'string' && pattern.test(asked) ? asked : null;
}
