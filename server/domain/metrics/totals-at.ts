import type { Pool } from 'pg';
import { FIGURES, type Figures, figureColumns, figureSums } from '#server/ledger/figures.ts';
import type { Area } from '../areas/area-index.ts';

/** An area's figures at one revision of the past, made from the books and not from memory. */
export interface PastTotals {
  readonly revision: number;
  /** Program time of that revision's commit, in milliseconds. */
  readonly asOf: number;
  readonly figures: Figures;
  readonly even: number;
  readonly neighborhoods: number;
  readonly complete: number;
}

/*
 * The newest day closed at or before the revision, plus the entries since: the cost is a day's, however long the
 * program has run. Summed by neighborhood first, since what is even or complete is decided there.
 */
const TOTALS_AT = `
  WITH closing AS (
    SELECT day, revision FROM closings WHERE program_id = $1 AND revision <= $2 ORDER BY revision DESC, day DESC LIMIT 1
  ), parts AS (
    SELECT s.neighborhood_id, ${figureColumns('s')}
      FROM closing_sums s JOIN closing c ON s.day = c.day WHERE s.program_id = $1
    UNION ALL
    SELECT e.neighborhood_id, ${figureColumns('e')}
      FROM entries e
     WHERE e.program_id = $1 AND e.revision <= $2 AND e.revision > coalesce((SELECT revision FROM closing), 0)
  ), sums AS (
    SELECT a.id, ${figureSums('p')}
      FROM areas a LEFT JOIN parts p ON p.neighborhood_id = a.id
     WHERE a.program_id = $1 AND a.level = 'NEIGHBORHOOD' AND starts_with(a.code, $3)
       AND substr(a.code, length($3) + 1, 1) IN ('', '.', '-')
     GROUP BY a.id
  )
  SELECT round(extract(epoch FROM (SELECT posted_at FROM postings WHERE program_id = $1 AND revision = $2)) * 1000)::bigint
           AS "asOf",
         ${FIGURES.map((figure) => `sum("${figure}")::int AS "${figure}"`).join(', ')},
         sum(least("enrolled", "target"))::int AS even, count(*)::int AS neighborhoods,
         (count(*) FILTER (WHERE "target" > 0 AND "enrolled" >= "target"))::int AS complete
    FROM sums`;

/** The figures of an area at a past revision (from 1); null where the ledger has no such revision. */
export async function totalsAt(pool: Pool, programId: number, area: Area, revision: number): Promise<PastTotals | null> {
  type Row = Figures & { asOf: bigint | null; even: number; neighborhoods: number; complete: number };
  const { rows } = await pool.query<Row>({ name: 'totals-at', text: TOTALS_AT, values: [programId, revision, area.code] });
  const row = rows[0];
  if (!row || row.asOf === null) return null;
  const { asOf, even, neighborhoods, complete, ...figures } = row;
  return { revision, asOf: Number(asOf), figures, even, neighborhoods, complete };
}

/** The newest revision posted at or before a moment of program time; null before the first. */
export async function revisionAt(pool: Pool, programId: number, at: number): Promise<number | null> {
  const { rows } = await pool.query<{ revision: number }>(
    `SELECT revision FROM postings WHERE program_id = $1 AND posted_at <= $2 ORDER BY posted_at DESC, revision DESC LIMIT 1`,
    [programId, new Date(at)],
  );
  return rows[0]?.revision ?? null;
}
