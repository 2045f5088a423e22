import type pg from 'pg';
import type { MetricInput } from '#server/domain/metrics/judge-question.ts';
import type { Measure } from '#server/domain/metrics/metric-query.ts';

/*
 * A question answered from people, their covered months and the posted targets alone. It knows nothing of the sums
 * that the program keeps, nor of how it cuts time: the periods come from PostgreSQL's own calendar.
 * $1 grain ('day', 'week', 'month' or '' for one period), $2 and $3 first and last day, $4 the area's code, $5 how many
 * characters of a neighborhood's code name its group.
 */
const ANSWER = `
  WITH period AS (
    SELECT min(day)::date AS first, max(day)::date AS last
      FROM generate_series($2::date, $3::date, interval '1 day') AS day
     GROUP BY CASE WHEN $1 = '' THEN NULL ELSE date_trunc(nullif($1, ''), day) END
  ), cut AS (
    SELECT first, last, coalesce((SELECT c.revision FROM closings c WHERE c.day = last),
                                 (SELECT h.revision FROM ledger_heads h)) AS revision,
           coalesce((SELECT c.revision FROM closings c WHERE c.day = first - 1), 0) AS before
      FROM period
  ), place AS (
    SELECT a.id, left(a.code, $5) AS code FROM areas a
     WHERE a.level = 'NEIGHBORHOOD' AND (a.code = $4 OR a.code LIKE $4 || '.%' OR a.code LIKE $4 || '-%')
  ), paid AS (
    SELECT participant_id, (array_agg(revision ORDER BY revision))[1] AS once, (array_agg(revision ORDER BY revision))[2] AS twice
      FROM contributions GROUP BY participant_id
  ), person AS (
    SELECT n.neighborhood_id AS id, n.enrolled_revision AS came, coalesce(n.withdrawn_revision, 2147483647) AS went,
           coalesce(paid.once, 2147483647) AS once, coalesce(paid.twice, 2147483647) AS twice
      FROM enrollments n LEFT JOIN paid USING (participant_id)
     WHERE n.status <> 'PENDING' AND n.neighborhood_id IN (SELECT id FROM place)
  ), counted AS (
    SELECT cut.first, person.id,
           count(*) FILTER (WHERE came <= revision AND went > revision) AS enrolled,
           count(*) FILTER (WHERE came <= before AND went > before) AS earlier,
           count(*) FILTER (WHERE came <= revision AND went > revision AND once > revision) AS none,
           count(*) FILTER (WHERE came <= revision AND went > revision AND once <= revision AND twice > revision) AS one,
           count(*) FILTER (WHERE came <= revision AND went > revision AND twice <= revision) AS more
      FROM cut JOIN person ON came <= revision GROUP BY cut.first, person.id
  ), posted AS (
    SELECT cut.first, t.neighborhood_id AS id, sum(t.target) AS target
      FROM cut JOIN entries t ON t.kind = 'TARGET' AND t.revision <= cut.revision GROUP BY 1, 2
  ), standing AS (
    SELECT cut.first, place.code, coalesce(target, 0) AS target, coalesce(enrolled, 0) AS enrolled,
           coalesce(earlier, 0) AS earlier, coalesce(none, 0) AS none, coalesce(one, 0) AS one, coalesce(more, 0) AS more
      FROM cut CROSS JOIN place LEFT JOIN counted USING (first, id) LEFT JOIN posted USING (first, id)
  )
  SELECT code, first::text AS period, sum(enrolled)::int AS "ENROLLED", (sum(enrolled) - sum(earlier))::int AS "NEW",
         sum(target)::int AS "TARGET", greatest(sum(target) - sum(enrolled), 0)::int AS "GAP",
         sum(enrolled)::float8 / nullif(sum(target), 0) AS "ACHIEVEMENT",
         sum(least(enrolled, target))::float8 / nullif(sum(target), 0) AS "EVEN_ACHIEVEMENT",
         (count(*) FILTER (WHERE target > 0 AND enrolled >= target))::int AS "COMPLETE_NEIGHBORHOODS",
         sum(none)::int AS "MONTHS_NONE", sum(one)::int AS "MONTHS_ONE", sum(more)::int AS "MONTHS_MORE"
    FROM standing GROUP BY code, first ORDER BY code, first`;

const CODE_LENGTH = { CITY: 5, DISTRICT: 8, VILLAGE: 13, NEIGHBORHOOD: 17 } as const;

export interface SqlRow {
  readonly code: string;
  readonly period: string;
  readonly values: readonly (number | null)[];
}

/** The rows of an answer in the order of codes and periods, by counting people. `from` and `to` are given. */
export async function answerBySql(
  admin: pg.ClientBase,
  input: MetricInput & { readonly from: string; readonly to: string },
): Promise<readonly SqlRow[]> {
  const grain = input.by?.find((each) => each === 'DAY' || each === 'WEEK' || each === 'MONTH') ?? '';
  const level = input.by?.find(
    (each) => each === 'DISTRICT' || each === 'VILLAGE' || each === 'NEIGHBORHOOD',
  );
  const area = input.area ?? '12.71';
  const length = level ? CODE_LENGTH[level] : area.length;
  const { rows } = await admin.query<{ code: string; period: string } & Record<Measure, number | null>>(
    ANSWER,
    [grain.toLowerCase(), input.from, input.to, area, length],
  );
  return rows.map((row) => ({
    code: row.code,
    period: row.period,
    values: input.measures.map((measure) => row[measure]),
  }));
}
