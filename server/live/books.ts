import type { ClientBase, Pool } from 'pg';
import type { EntryKind, PostedEntry, WithdrawReason } from '#server/ledger/entry.ts';
import { type Figures, figureValues } from '#server/ledger/figures.ts';
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

export async function readLook(client: Pool | ClientBase, programId: number): Promise<Look> {
  const { rows } = await (client as ClientBase).query<{ epoch: string; topic: string; version: bigint }>({
    name: 'live-look',
    text: 'SELECT p.epoch, v.topic, v.version FROM programs p JOIN versions v ON v.program_id = p.id WHERE p.id = $1',
    values: [programId],
  });
  const first = rows[0];
  if (!first) throw new Error(`Program ${programId} is not in this database.`);
  const versionOf = (topic: string) => Number(rows.find((row) => row.topic === topic)?.version ?? 0);
  return {
    epoch: first.epoch,
    ledger: versionOf('ledger'),
    program: versionOf('program'),
    grants: versionOf('grants'),
  };
}

interface EntryRow extends Figures {
  revision: number;
  postedAt: Date;
  kind: EntryKind;
  neighborhoodId: number;
  enrollmentId: string | null;
  reason: WithdrawReason | null;
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
    text: `SELECT e.revision, p.posted_at AS "postedAt", e.kind, e.neighborhood_id AS "neighborhoodId",
                  e.enrollment_id AS "enrollmentId", e.reason, ${figureValues('e')}
             FROM entries e JOIN postings p ON p.program_id = e.program_id AND p.revision = e.revision
            WHERE e.program_id = $1 AND e.revision > $2 AND e.revision <= $3
            ORDER BY e.revision, e.position`,
    values: [programId, after, upTo],
  });
  return rows.map(({ revision, postedAt, kind, neighborhoodId, enrollmentId, reason, ...change }) => ({
    revision,
    postedAt: postedAt.getTime(),
    kind,
    neighborhoodId,
    enrollmentId,
    reason,
    change,
  }));
}

export interface SumRow {
  readonly neighborhoodId: number;
  readonly figures: Figures;
}

export async function readSums(client: ClientBase, programId: number): Promise<readonly SumRow[]> {
  const { rows } = await client.query<Figures & { neighborhoodId: number }>(
    `SELECT s.neighborhood_id AS "neighborhoodId", ${figureValues('s')} FROM neighborhood_sums s WHERE s.program_id = $1`,
    [programId],
  );
  return rows.map(({ neighborhoodId, ...figures }) => ({ neighborhoodId, figures }));
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
    sums: await readSums(client, program.id),
    newest: await readNewest(client, program.id),
  };
}
