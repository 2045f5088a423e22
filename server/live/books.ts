import type { ClientBase, Pool } from 'pg';
import { BOOKED } from '#server/ledger/booked.ts';
import type { EntryKind, PostedEntry, WithdrawReason } from '#server/ledger/entry.ts';
import { COLUMN, FIGURES, type Figures, figureValues, toFigures } from '#server/ledger/figures.ts';
import { type Program, readProgram } from '#server/ledger/program.ts';
import { type Move, TOLD_FALLS, TOLD_RISES } from './movements.ts';
import type { TreeArea } from './tree.ts';

/** What one look sees: whether anything moved, and whether these are still the same books. */
export interface Look {
  readonly epoch: string;
  /** Newest revision. */
  readonly ledger: number;
  /** Moves when the program's own row changed. */
  readonly program: number;
  /** Moves when a key or a grant changed. */
  readonly grants: number;
}

interface LookRow {
  epoch: string;
  /** Counters by topic; null where there are none. */
  versions: Readonly<Record<string, number>> | null;
}

const LOOK_COLUMNS =
  'p.epoch, (SELECT json_object_agg(v.topic, v.version) FROM versions v WHERE v.program_id = p.id) AS versions';

export async function readLook(client: Pool | ClientBase, programId: number): Promise<Look> {
  const { rows } = await (client as ClientBase).query<LookRow>({
    name: 'live-look',
    text: `SELECT ${LOOK_COLUMNS} FROM programs p WHERE p.id = $1`,
    values: [programId],
  });
  return toLook(rows[0], programId);
}

function toLook(row: LookRow | undefined, programId: number): Look {
  if (!row) throw new Error(`Program ${programId} is not in this database.`);
  const { ledger = 0, program = 0, grants = 0 } = row.versions ?? {};
  return { epoch: row.epoch, ledger, program, grants };
}

interface EntryRow extends Figures {
  revision: number;
  postedAt: number;
  kind: EntryKind;
  neighborhoodId: number;
  enrollmentId: string | null;
  reason: WithdrawReason | null;
}

/**
 * Entries of the revisions in ($2, $3] of program $1, in their order. Postings first and then each one's entries, and
 * OFFSET leaves the planner no other way: by a plain join it reads every posting there is to find the newest one.
 */
const ENTRIES = `
  SELECT p.revision, (extract(epoch FROM p.posted_at) * 1000)::float8 AS "postedAt", e.kind,
         e.neighborhood_id AS "neighborhoodId", e.enrollment_id AS "enrollmentId", e.reason, ${figureValues('e')}
    FROM (SELECT * FROM postings WHERE program_id = $1 AND revision > $2 AND revision <= $3 OFFSET 0) p
   CROSS JOIN LATERAL (SELECT * FROM entries WHERE program_id = $1 AND revision = p.revision OFFSET 0) e
   ORDER BY p.revision, e.position`;

function toEntry({ revision, postedAt, kind, neighborhoodId, enrollmentId, reason, ...change }: EntryRow) {
  return { revision, postedAt, kind, neighborhoodId, enrollmentId, reason, change };
}

/** Entries of the revisions in (after, upTo], in their order. The caller bounds the range. */
export async function readEntries(
  client: Pool | ClientBase,
  programId: number,
  after: number,
  upTo: number,
): Promise<readonly PostedEntry[]> {
  const { rows } = await (client as ClientBase).query<EntryRow>({
    name: 'live-entries',
    text: ENTRIES,
    values: [programId, after, upTo],
  });
  return rows.map(toEntry);
}

/** A look, and what it finds of the revisions in (after, upTo]: one statement, and so one moment and one wait. */
export async function readNews(
  client: Pool | ClientBase,
  programId: number,
  after: number,
  upTo: number,
): Promise<{ readonly look: Look; readonly entries: readonly PostedEntry[] }> {
  const { rows } = await (client as ClientBase).query<LookRow & { entries: EntryRow[] | null }>({
    name: 'live-news',
    text: `SELECT ${LOOK_COLUMNS}, (SELECT json_agg(e) FROM (${ENTRIES}) e) AS entries FROM programs p WHERE p.id = $1`,
    values: [programId, after, upTo],
  });
  return { look: toLook(rows[0], programId), entries: (rows[0]?.entries ?? []).map(toEntry) };
}

export interface SumRow {
  readonly neighborhoodId: number;
  readonly figures: Figures;
}

/**
 * Memory begins with what was posted, not with the sums that are kept: those may have been wrong before this process
 * began, and what it holds while they disagree has to be true.
 */
async function readBooked(client: ClientBase, programId: number): Promise<readonly SumRow[]> {
  const columns = FIGURES.map((figure) => `b."${figure}"`).join(', ');
  return readRows(
    client,
    `WITH ${BOOKED} SELECT json_agg(json_build_array(b.neighborhood_id, ${columns})) AS sums FROM booked b`,
    programId,
  );
}

/** As one value: thousands of rows of the driver's own would hold up everything else for some 15 ms. */
export async function readSums(client: ClientBase, programId: number): Promise<readonly SumRow[]> {
  const columns = FIGURES.map((figure) => `s.${COLUMN[figure]}`).join(', ');
  return readRows(
    client,
    `SELECT json_agg(json_build_array(s.neighborhood_id, ${columns})) AS sums
       FROM neighborhood_sums s WHERE s.program_id = $1`,
    programId,
  );
}

async function readRows(client: ClientBase, text: string, programId: number): Promise<readonly SumRow[]> {
  const { rows } = await client.query<{ sums: readonly number[][] | null }>(text, [programId]);
  return (rows[0]?.sums ?? []).map(([neighborhoodId = 0, ...values]) => ({
    neighborhoodId,
    figures: toFigures(values, 0),
  }));
}

/** Everything the live path begins with, as of one moment. To be read in one REPEATABLE READ transaction. */
export interface Opening {
  readonly program: Program;
  readonly look: Look;
  readonly areas: readonly TreeArea[];
  readonly sums: readonly SumRow[];
  /** Each neighborhood's newest movements, in the order of revisions. */
  readonly newest: readonly Move[];
}

const WITHDRAW_REASONS_MAX = 8;

/** By the index of a neighborhood's revisions, from the newest down: as much work as is told, however long the books are. */
async function readNewest(client: ClientBase, programId: number): Promise<readonly Move[]> {
  const own = 'e.program_id = a.program_id AND e.neighborhood_id = a.id';
  const { rows } = await client.query<Omit<Move, 'at'> & { at: Date }>(
    // Materialized: the times are joined once, and not for every neighborhood.
    `WITH newest AS MATERIALIZED (
       SELECT a.id, m.* FROM areas a
        CROSS JOIN LATERAL (
          (SELECT e.revision, NULL::withdraw_reason AS reason, sum(e.enrolled)::int AS delta
             FROM entries e WHERE ${own} AND e.enrolled > 0
            GROUP BY e.revision ORDER BY e.revision DESC LIMIT ${TOLD_RISES})
          UNION ALL
          (SELECT e.revision, e.reason, sum(e.enrolled)::int
             FROM entries e WHERE ${own} AND e.enrolled < 0
            GROUP BY e.revision, e.reason ORDER BY e.revision DESC LIMIT ${TOLD_FALLS * WITHDRAW_REASONS_MAX})
        ) m
        WHERE a.program_id = $1 AND a.level = 'NEIGHBORHOOD'
     )
     SELECT n.revision, p.posted_at AS at, n.id AS "neighborhoodId", n.delta, n.reason
       FROM newest n JOIN postings p ON p.program_id = $1 AND p.revision = n.revision
      ORDER BY n.revision`,
    [programId],
  );
  return rows.map((row) => ({ ...row, at: row.at.getTime() }));
}

export async function readOpening(client: ClientBase, programCode: string): Promise<Opening> {
  const program = await readProgram(client, programCode);
  if (!program) throw new Error(`There is no program ${programCode} in this database.`);
  const look = await readLook(client, program.id);
  const { rows: areas } = await client.query<TreeArea>(
    'SELECT id, code, level, parent_id AS "parentId" FROM areas WHERE program_id = $1',
    [program.id],
  );
  return {
    program,
    look,
    areas,
    sums: await readBooked(client, program.id),
    newest: await readNewest(client, program.id),
  };
}
