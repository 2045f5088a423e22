import type { ClientBase, Pool } from 'pg';
import { addDays } from '#server/base/day.ts';
import { bookedOf } from '#server/ledger/booked.ts';
import { COLUMN, FIGURES } from '#server/ledger/figures.ts';
import { snapshot } from '#server/store/transact.ts';
import type { Area, AreaIndex } from '../areas/area-index.ts';
import type { Measure, MetricAnswer, MetricQuestion, MetricRow } from './metric-query.ts';
import { splitIntoPeriods } from './periods.ts';
import { gap, rate } from './rates.ts';
import { suppress } from './suppression.ts';

/** What every measure is made of: sums of whole numbers, which add up over areas. */
interface Base {
  readonly enrolled: number;
  readonly target: number;
  readonly even: number;
  readonly complete: number;
  readonly none: number;
  readonly one: number;
  readonly more: number;
}
const NOTHING: Base = { enrolled: 0, target: 0, even: 0, complete: 0, none: 0, one: 0, more: 0 };

const SUMS = `sum(s.enrolled)::int AS enrolled, sum(s.target)::int AS target,
  sum(least(s.enrolled, s.target))::int AS even,
  (count(*) FILTER (WHERE s.target > 0 AND s.enrolled >= s.target))::int AS complete,
  sum(s.months_none)::int AS none, sum(s.months_one)::int AS one, sum(s.months_more)::int AS more`;

/** The sums of the past, as each day closed. */
const CLOSED = `
  SELECT g.group_id AS "groupId", s.day::text AS day, ${SUMS}
    FROM unnest($2::int[], $3::int[]) AS g(neighborhood_id, group_id)
    JOIN closing_sums s ON s.program_id = $1 AND s.neighborhood_id = g.neighborhood_id AND s.day = ANY ($4::date[])
   GROUP BY 1, 2`;

/** The sums of the present, out of entries like memory's own: the kept sums may be what is wrong, and are never told. */
const PRESENT = `
  WITH ${bookedOf('$2::int[]')}
  SELECT g.group_id AS "groupId", NULL AS day, ${SUMS}
    FROM unnest($2::int[], $3::int[]) AS g(neighborhood_id, group_id)
    JOIN booked s (neighborhood_id, ${FIGURES.map((figure) => COLUMN[figure]).join(', ')})
      ON s.neighborhood_id = g.neighborhood_id
   GROUP BY 1, 2`;

/**
 * Answers a question from the sums that were kept when each day closed, and the entries since for what still runs:
 * never from people's rows. Everything in one answer has one revision. State measures (enrolled, target, months) are
 * those at a period's end; `NEW` is what enrolled grew by within it. Outside the asker's own area small cells are null, as
 * in an area's totals.
 */
export async function answerMetric(
  pool: Pool,
  programId: number,
  areas: AreaIndex,
  question: MetricQuestion,
  startsOn: string,
): Promise<MetricAnswer> {
  const periods = splitIntoPeriods(question.from, question.to, question.grain);
  const groups = question.areaBy === null ? [question.area] : areas.within(question.area, question.areaBy);
  return snapshot(pool, async (tx) => {
    const head = await readHead(tx, programId);
    const at = await readBases(
      tx,
      programId,
      areas,
      groups,
      [...periods.map(({ to }) => to), addDays(question.from, -1)],
      head.closedDay,
    );
    const before = addDays(question.from, -1);
    const baseAt = (area: Area, day: string) =>
      day < startsOn ? NOTHING : (at.get(`${area.id} ${day}`) ?? NOTHING);

    const { scopeCode } = question;
    const isOwn = (area: Area) => scopeCode !== null && areas.isInside(area, scopeCode);
    const rows = groups.flatMap((area) =>
      periods.map((period, index): MetricRow => {
        const previous = periods[index - 1]?.to ?? before;
        const values = measure(
          question.measures,
          baseAt(area, period.to),
          baseAt(area, previous),
          isOwn(area),
        );
        return {
          area: question.areaBy === null ? null : area,
          period: question.grain === null ? null : period.from,
          values,
        };
      }),
    );
    const sumAt = (day: string) => groups.reduce((sum, area) => add(sum, baseAt(area, day)), NOTHING);
    return {
      question,
      rows,
      totals: measure(question.measures, sumAt(question.to), sumAt(before), isOwn(question.area)),
      revision: head.revision,
      asOf: head.postedAt.getTime(),
    };
  });
}

interface Head {
  readonly revision: number;
  readonly postedAt: Date;
  readonly closedDay: string | null;
}

async function readHead(tx: ClientBase, programId: number): Promise<Head> {
  const { rows } = await tx.query<Head>(
    'SELECT revision, posted_at AS "postedAt", closed_day::text AS "closedDay" FROM ledger_heads WHERE program_id = $1',
    [programId],
  );
  if (!rows[0]) throw new Error(`Program ${programId} has no ledger head.`);
  return rows[0];
}

/** Each group's sums at each day's end, by `area day`; a day that is not closed yet stands for the present. */
async function readBases(
  tx: ClientBase,
  programId: number,
  areas: AreaIndex,
  groups: readonly Area[],
  days: readonly string[],
  closedDay: string | null,
): Promise<ReadonlyMap<string, Base>> {
  const pairs = groups.flatMap((area) => areas.neighborhoodIds(area).map((id) => [id, area.id] as const));
  const values = [programId, pairs.map(([id]) => id), pairs.map(([, group]) => group)];
  const closed = days.filter((day) => closedDay !== null && day <= closedDay);
  const running = days.filter((day) => closedDay === null || day > closedDay);
  type Row = Base & { groupId: number; day: string | null };
  const past = closed.length > 0 ? (await tx.query<Row>(CLOSED, [...values, closed])).rows : [];
  const present = running.length > 0 ? (await tx.query<Row>(PRESENT, values)).rows : [];
  return new Map([
    ...past.map((row) => [`${row.groupId} ${row.day}`, row] as const),
    ...present.flatMap((row) => running.map((day) => [`${row.groupId} ${day}`, row] as const)),
  ]);
}

function add(a: Base, b: Base): Base {
  return {
    enrolled: a.enrolled + b.enrolled,
    target: a.target + b.target,
    even: a.even + b.even,
    complete: a.complete + b.complete,
    none: a.none + b.none,
    one: a.one + b.one,
    more: a.more + b.more,
  };
}

type Cells = Readonly<Record<'none' | 'one' | 'more', number | null>>;

/** How a measure comes from the sums at a period's end, those at the end of the one before, and the cells as shown. */
const VALUE: Readonly<Record<Measure, (at: Base, before: Base, cells: Cells) => number | null>> = {
  ENROLLED: (at) => at.enrolled,
  NEW: (at, before) => at.enrolled - before.enrolled,
  TARGET: (at) => at.target,
  GAP: (at) => gap(at.enrolled, at.target),
  ACHIEVEMENT: (at) => rate(at.enrolled, at.target),
  EVEN_ACHIEVEMENT: (at) => rate(at.even, at.target),
  COMPLETE_NEIGHBORHOODS: (at) => at.complete,
  MONTHS_NONE: (_at, _before, cells) => cells.none,
  MONTHS_ONE: (_at, _before, cells) => cells.one,
  MONTHS_MORE: (_at, _before, cells) => cells.more,
};

function measure(
  measures: readonly Measure[],
  at: Base,
  before: Base,
  isOwn: boolean,
): readonly (number | null)[] {
  const { none, one, more } = at;
  const cells = isOwn ? at : suppress({ none, one, more });
  return measures.map((name) => VALUE[name](at, before, cells));
}
