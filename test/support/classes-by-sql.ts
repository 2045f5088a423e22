import type pg from 'pg';

/*
 * The contract's words in SQL: everyone's months and class, from covered months and days alone. $1 is the last closed
 * day. Knows nothing of what the program has written about a person's class.
 */
const CLASSES = `
  WITH person AS (
    SELECT id, participant_id, months_covered, persistency,
           date_trunc('month', enrolled_on)::date AS first_month,
           (date_trunc('month', $1::date + 1) - interval '1 month')::date AS latest_due
      FROM enrollments WHERE status = 'ENROLLED'
  ), due AS (
    SELECT p.id, p.latest_due, month::date AS month, c.paid_on
      FROM person p
     CROSS JOIN LATERAL generate_series(p.first_month, p.latest_due, interval '1 month') AS month
      LEFT JOIN contributions c ON c.participant_id = p.participant_id AND c.period = month::date
  ), judged AS (
    SELECT id,
           count(*) FILTER (WHERE month > coalesce(paid_up_to, '-infinity')) AS open,
           bool_or(month > latest_due - interval '6 months'
                   AND coalesce(paid_on >= month + interval '1 month', true)) AS stood_open
      FROM due JOIN (SELECT id, max(month) FILTER (WHERE paid_on IS NOT NULL) AS paid_up_to FROM due GROUP BY id) last USING (id)
     GROUP BY id
  ), told AS (
    SELECT p.*, (SELECT count(*)::int FROM contributions c WHERE c.participant_id = p.participant_id) AS m,
           coalesce(j.open, 0) AS u, j.stood_open
      FROM person p LEFT JOIN judged j USING (id)
  )
  SELECT id, months_covered AS "keptMonths", m AS months, persistency AS "keptClass",
         CASE WHEN latest_due <= first_month THEN 'TOO_NEW'
              WHEN u > 3 THEN 'LAPSED'
              WHEN u >= 1 AND m <= 1 THEN 'STOPPED'
              WHEN u >= 1 THEN 'IN_ARREARS'
              WHEN stood_open THEN 'RESUMED'
              ELSE 'PAYING' END AS class
    FROM told`;

export interface ClassedPerson {
  readonly id: string;
  readonly keptMonths: number;
  readonly months: number;
  readonly keptClass: string;
  readonly class: string;
}

/** Every enrolled person as the program has them and as they should be once `closedDay` is closed. */
export async function classesBySql(admin: pg.Client, closedDay: string): Promise<readonly ClassedPerson[]> {
  return (await admin.query<ClassedPerson>(CLASSES, [closedDay])).rows;
}

export function wronglyClassed(people: readonly ClassedPerson[]): readonly ClassedPerson[] {
  return people.filter((one) => one.keptClass !== one.class || one.keptMonths !== one.months);
}
