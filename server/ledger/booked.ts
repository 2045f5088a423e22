import { figureColumns, figureSums } from './figures.ts';

/**
 * `closing AS (...), parts AS (...), booked AS (...)`, to be put behind WITH: the figures of each neighborhood of program
 * $1 out of entries alone: those since the last closed day, and that day's sums. `ids`: SQL for an array of the
 * neighborhoods that are meant, all where it is null.
 */
export function bookedOf(ids: string | null): string {
  const only = (alias: string) => (ids === null ? '' : ` AND ${alias}.neighborhood_id = ANY (${ids})`);
  return `closing AS (
    SELECT day, revision FROM closings WHERE program_id = $1 ORDER BY revision DESC, day DESC LIMIT 1
  ), parts AS (
    SELECT c.neighborhood_id, ${figureColumns('c')} FROM closing_sums c JOIN closing USING (day) WHERE c.program_id = $1${only('c')}
    UNION ALL
    SELECT e.neighborhood_id, ${figureColumns('e')} FROM entries e
     WHERE e.program_id = $1 AND e.revision > coalesce((SELECT revision FROM closing), 0)${only('e')}
  ), booked AS (
    SELECT neighborhood_id, ${figureSums('parts')} FROM parts GROUP BY neighborhood_id
  )`;
}

export const BOOKED = bookedOf(null);
