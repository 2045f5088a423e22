import type { Pool } from 'pg';
import { FIGURES, type Figures, figureColumns, figureSums } from '#server/ledger/figures.ts';

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
 * program has run, and only of the neighborhoods asked for. Summed by neighborhood first, since what is even or
 * complete is decided there.
 */
const TOTALS_AT = `
  WITH closing AS (
    SELECT day, revision FROM closings WHERE program_id = $1 AND revision <= $2 ORDER BY revision DESC, day DESC LIMIT 1
  ), parts AS (
    SELECT s.neighborhood_id, ${figureColumns('s')}
      FROM closing_sums s
     WHERE s.program_id = $1 AND s.day = (SELECT day FROM closing) AND s.neighborhood_id = ANY ($3::int[])
    UNION ALL
    SELECT e.neighborhood_id, ${figureColumns('e')}
      FROM entries e
     WHERE e.program_id = $1 AND e.revision <= $2 AND e.revision > coalesce((SELECT revision FROM closing), 0)
       AND e.neighborhood_id = ANY ($3::int[])
  ), sums AS (
    SELECT neighborhood_id, ${figureSums('parts')} FROM parts GROUP BY neighborhood_id
  )
  SELECT (SELECT posted_at FROM postings WHERE program_id = $1 AND revision = $2) AS "asOf",
         ${FIGURES.map((figure) => `coalesce(sum("${figure}"), 0)::int AS "${figure}"`).join(', ')},
         coalesce(sum(least("enrolled", "target")), 0)::int AS even,
         (count(*) FILTER (WHERE "target" > 0 AND "enrolled" >= "target"))::int AS complete
    FROM sums`;

/**
 * The figures of an area, given as its neighborhoods' ids, at a past revision (from 1); null where the ledger has no
 * such revision.
 */
export async function totalsAt(
  pool: Pool,
  programId: number,
  neighborhoodIds: readonly number[],
  revision: number,
): Promise<PastTotals | null> {
  type Row = Figures & { asOf: Date | null; even: number; complete: number };
  const values = [programId, revision, neighborhoodIds];
  const { rows } = await pool.query<Row>({ name: 'totals-at', text: TOTALS_AT, values });
  const row = rows[0];
  if (!row || row.asOf === null) return null;
  const { asOf, even, complete, ...figures } = row;
  return { revision, asOf: asOf.getTime(), figures, even, neighborhoods: neighborhoodIds.length, complete };
}

/** The newest revision posted at or before a moment of program time; null before the first. */
export async function revisionAt(pool: Pool, programId: number, at: number): Promise<number | null> {
  const { rows } = await pool.query<{ revision: number }>(
    'SELECT revision FROM postings WHERE program_id = $1 AND posted_at <= $2 ORDER BY posted_at DESC, revision DESC LIMIT 1',
    [programId, new Date(at)],
  );
  return rows[0]?.revision ?? null;
}
