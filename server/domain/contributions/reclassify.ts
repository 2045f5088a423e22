import type { ClientBase } from 'pg';
import type { Entry, EntryKind } from '#server/ledger/entry.ts';
import {
  addFigures,
  CLASS_FIGURE,
  type Figure,
  monthsFigure,
  type PersistencyClass,
  zeroFigures,
} from '#server/ledger/figures.ts';
import { type CoveredMonth, classify } from './persistency.ts';

/** An enrolled person's place in the figures as the books have it, and what is known of the months. */
export interface Standing {
  readonly enrollmentId: string;
  readonly neighborhoodId: number;
  readonly enrolledOn: string;
  readonly monthsCovered: number;
  readonly persistency: PersistencyClass;
  readonly covered: readonly CoveredMonth[] | null;
}

const STANDINGS = `
  SELECT e.id AS "enrollmentId", e.neighborhood_id AS "neighborhoodId", e.enrolled_on::text AS "enrolledOn",
         e.months_covered AS "monthsCovered", e.persistency, c.covered
    FROM enrollments e
    LEFT JOIN LATERAL (
      SELECT json_agg(json_build_object('period', to_char(period, 'YYYY-MM'), 'paidOn', paid_on)) AS covered
        FROM contributions WHERE program_id = e.program_id AND participant_id = e.participant_id
    ) c ON true
   WHERE e.program_id = $1 AND e.status = 'ENROLLED'`;

/** Enrolled people with their covered months; all of the program's, or those of the named participants. */
export async function readStandings(
  client: ClientBase,
  programId: number,
  participantIds: readonly string[] | 'all',
): Promise<readonly Standing[]> {
  if (participantIds === 'all') return (await client.query<Standing>(STANDINGS, [programId])).rows;
  const text = `${STANDINGS} AND e.participant_id = ANY ($2::uuid[])`;
  return (await client.query<Standing>(text, [programId, participantIds])).rows;
}

/**
 * Counts each person's months anew and classes them as of `closedDay`; writes what changed to the enrollments and
 * gives the entries that move the figures with them, one per neighborhood and in the order of neighborhoods, so that the
 * books do not hang on the order in which the database found people. To be called under the ledger's lock.
 */
export async function reclassify(
  client: ClientBase,
  kind: EntryKind,
  standings: readonly Standing[],
  closedDay: string,
): Promise<readonly Entry[]> {
  const changes = new Map<number, Record<Figure, number>>();
  const moved: { id: string; months: number; class: PersistencyClass }[] = [];
  for (const standing of standings) {
    const covered = standing.covered ?? [];
    const months = covered.length;
    const persistency = classify({ enrolledOn: standing.enrolledOn, covered, closedDay });
    if (months === standing.monthsCovered && persistency === standing.persistency) continue;
    moved.push({ id: standing.enrollmentId, months, class: persistency });
    const change = changes.get(standing.neighborhoodId) ?? zeroFigures();
    changes.set(standing.neighborhoodId, change);
    addFigures(change, { [monthsFigure(standing.monthsCovered)]: -1 });
    addFigures(change, { [monthsFigure(months)]: 1 });
    addFigures(change, { [CLASS_FIGURE[standing.persistency]]: -1 });
    addFigures(change, { [CLASS_FIGURE[persistency]]: 1 });
  }
  await client.query(
    `UPDATE enrollments e SET months_covered = r.months, persistency = r.class
       FROM json_to_recordset($1::json) AS r(id uuid, months smallint, class persistency) WHERE e.id = r.id`,
    [JSON.stringify(moved)],
  );
  return [...changes]
    .filter(([, change]) => Object.values(change).some((value) => value !== 0))
    .sort(([one], [other]) => one - other)
    .map(([neighborhoodId, change]) => ({ kind, neighborhoodId, enrollmentId: null, reason: null, change }));
}
