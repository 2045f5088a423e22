import type { ClientBase, Pool } from 'pg';
import { BOOKED } from '#server/ledger/booked.ts';
import {
  addFigures,
  COLUMN,
  FIGURES,
  type Figure,
  type FigureChange,
  zeroFigures,
} from '#server/ledger/figures.ts';
import { snapshot } from '#server/store/transact.ts';
import { readEntries, readLook, readSums, type SumRow } from './books.ts';
import type { Remembered } from './standing.ts';

/** One figure of one neighborhood that does not come out the same both ways. */
export interface Difference {
  readonly areaId: number;
  readonly figure: Figure;
  /** Which two disagree with each other. */
  readonly between: 'sums and entries' | 'sums and people' | 'memory and sums';
  readonly found: number;
  readonly expected: number;
}

const COUNTED: Readonly<Record<Exclude<Figure, 'target'>, string>> = {
  enrolled: `status = 'ENROLLED'`,
  pending: `status = 'PENDING'`,
  monthsNone: `status = 'ENROLLED' AND months_covered = 0`,
  monthsOne: `status = 'ENROLLED' AND months_covered = 1`,
  monthsMore: `status = 'ENROLLED' AND months_covered > 1`,
  tooNew: `status = 'ENROLLED' AND persistency = 'TOO_NEW'`,
  stopped: `status = 'ENROLLED' AND persistency = 'STOPPED'`,
  paying: `status = 'ENROLLED' AND persistency = 'PAYING'`,
  inArrears: `status = 'ENROLLED' AND persistency = 'IN_ARREARS'`,
  lapsed: `status = 'ENROLLED' AND persistency = 'LAPSED'`,
  resumed: `status = 'ENROLLED' AND persistency = 'RESUMED'`,
};
const COUNTS = Object.entries(COUNTED)
  .map(([figure, condition]) => `(count(*) FILTER (WHERE ${condition}))::int AS ${COLUMN[figure as Figure]}`)
  .join(', ');

/** One value for each figure, always in the same order. */
const inOrder = (value: (figure: Figure) => string) => `ARRAY[${FIGURES.map(value).join(', ')}]`;

/*
 * Independent of how the sums were made: the entries added up from the last closed day, and the people counted one
 * by one. For every area, so that sums that are gone and people in the wrong place are found too. Nobody counts
 * targets: they are compared with the entries alone.
 *
 * It stands in an enrollment's way on PostgreSQL's core: people are read in the order they lie in (not materialized,
 * they would be fetched one by one in the order of areas), and figures are told apart only where an area's disagree.
 */
const COMPARED = `
  WITH ${BOOKED}, people AS MATERIALIZED (
    SELECT neighborhood_id, ${COUNTS} FROM enrollments WHERE program_id = $1 GROUP BY neighborhood_id
  ), side_by_side AS (
    SELECT a.id AS neighborhood_id,
           ${inOrder((figure) => `coalesce(s.${COLUMN[figure]}, 0)`)} AS kept,
           ${inOrder((figure) => `coalesce(b."${figure}", 0)`)} AS booked,
           ${inOrder((figure) => `coalesce(${figure === 'target' ? 's' : 'p'}.${COLUMN[figure]}, 0)`)} AS counted
      FROM areas a
      LEFT JOIN neighborhood_sums s ON s.program_id = a.program_id AND s.neighborhood_id = a.id
      LEFT JOIN booked b ON b.neighborhood_id = a.id
      LEFT JOIN people p ON p.neighborhood_id = a.id
     WHERE a.program_id = $1
  ), compared AS (
    SELECT neighborhood_id, v.*
      FROM side_by_side
     CROSS JOIN LATERAL unnest(${inOrder((figure) => `'${figure}'`)}, kept, booked, counted)
           AS v(figure, kept, booked, counted)
     WHERE side_by_side.kept <> side_by_side.booked OR side_by_side.kept <> side_by_side.counted
  )`;

const DIFFERENCES = `${COMPARED}
  SELECT neighborhood_id AS "areaId", figure, kept, booked, counted FROM compared
   WHERE kept <> booked OR kept <> counted ORDER BY neighborhood_id LIMIT 200`;

/** What sums, entries and people have against each other in the snapshot of this connection. */
export async function findDifferences(client: ClientBase, programId: number): Promise<readonly Difference[]> {
  const { rows } = await client.query<{
    areaId: number;
    figure: Figure;
    kept: number;
    booked: number;
    counted: number;
  }>({ name: 'live-check-sums', text: DIFFERENCES, values: [programId] });
  return rows.flatMap(({ areaId, figure, kept, booked, counted }) => [
    ...(kept === booked
      ? []
      : [{ areaId, figure, between: 'sums and entries', found: kept, expected: booked } as const]),
    ...(kept === counted
      ? []
      : [{ areaId, figure, between: 'sums and people', found: kept, expected: counted } as const]),
  ]);
}

/** Whether the entries say the same as the people counted, whatever is kept as sums. */
export async function doEntriesAndPeopleAgree(client: ClientBase, programId: number): Promise<boolean> {
  const { rows } = await client.query<{ agree: boolean }>(
    `${COMPARED} SELECT NOT EXISTS (SELECT FROM compared WHERE booked <> counted AND figure <> 'target') AS agree`,
    [programId],
  );
  return rows[0]?.agree === true;
}

/** What the books have against themselves and, unless `memory` is null, what memory has otherwise than they. */
export async function checkSums(
  pool: Pool,
  programId: number,
  memory: Remembered | null,
): Promise<readonly Difference[]> {
  return snapshot(pool, async (tx) => {
    const differences = await findDifferences(tx, programId);
    const look = await readLook(tx, programId);
    if (!memory || look.epoch !== memory.epoch) return differences;
    // Memory may be a few commits behind this moment: what it has not read yet is added to it, on paper.
    const unread = new Map<number, Record<Figure, number>>();
    for (const entry of await readEntries(tx, programId, memory.revision, look.ledger)) {
      const sum = unread.get(entry.neighborhoodId) ?? zeroFigures();
      addFigures(sum, entry.change);
      unread.set(entry.neighborhoodId, sum);
    }
    const sums = await readSums(tx, programId);
    return [
      ...differences,
      ...sums.flatMap((kept) => compareMemory(memory, kept, unread.get(kept.neighborhoodId))),
    ];
  });
}

function compareMemory(
  memory: Remembered,
  kept: SumRow,
  unread: FigureChange | undefined,
): readonly Difference[] {
  const found = (figure: Figure) => memory.figure(kept.neighborhoodId, figure) + (unread?.[figure] ?? 0);
  return FIGURES.filter((figure) => found(figure) !== kept.figures[figure]).map((figure) => ({
    areaId: kept.neighborhoodId,
    figure,
    between: 'memory and sums',
    found: found(figure),
    expected: kept.figures[figure],
  }));
}
