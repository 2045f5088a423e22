import type { ClientBase } from 'pg';
import type { AuditRow } from './audit.ts';
import type { Entry } from './entry.ts';
import {
  addFigures,
  COLUMN,
  FIGURE_RECORD,
  FIGURES,
  type Figure,
  figureRow,
  figureRowValues,
  zeroFigures,
} from './figures.ts';
import type { Settlement } from './settle.ts';

/** One commit's content. `revision` is null where no figure changes: then nothing is posted, only remembered. */
export interface Write {
  readonly programId: number;
  readonly revision: number | null;
  readonly headRevision: number;
  readonly postedAt: Date;
  readonly entries: readonly Entry[];
  readonly audit: readonly AuditRow[];
  readonly auditEnd: { readonly sequence: bigint; readonly hash: Buffer };
  readonly settlement: Pick<Settlement, 'participants' | 'enrollments' | 'withdrawals' | 'keys'> | null;
}

/*
 * Everything a commit writes, in one statement: rows in, entries appended, the neighborhoods' sums moved, the
 * revision taken. One round trip while the lock is held. An uncommitted duplicate is impossible under the lock;
 * the unique indexes stand behind it and would end the whole transaction. Rows that are changed are named twice: by the
 * join alone a plan that was made while the table was small reads all of it.
 */
const WRITE = `
    WITH new_participants AS (
      INSERT INTO participants (id, program_id, nik_hash, key_id, sealed, is_simulated)
      SELECT r.id, $1::int, decode(r.nik_hash, 'hex'), r.key_id, decode(r.sealed, 'hex'), r.is_simulated
        FROM json_to_recordset($5::json)
          AS r(id uuid, nik_hash text, key_id smallint, sealed text, is_simulated boolean)
    ), new_enrollments AS (
      INSERT INTO enrollments (id, program_id, participant_id, neighborhood_id, principal_id, status, enrolled_on,
                               enrolled_revision, months_covered, persistency)
      SELECT r.id, $1::int, r.participant_id, r.neighborhood_id, r.principal_id, r.status, r.enrolled_on, $2::int,
             r.months_covered, r.persistency
        FROM json_to_recordset($6::json)
          AS r(id uuid, participant_id uuid, neighborhood_id int, principal_id int, status enrollment_status,
               enrolled_on date, months_covered smallint, persistency persistency)
    ), withdrawn AS (
      UPDATE enrollments e SET status = 'WITHDRAWN', withdrawn_revision = $2::int, withdraw_reason = r.reason,
             withdraw_note = decode(r.note, 'hex'), note_key_id = r.note_key_id
        FROM json_to_recordset($7::json) AS r(id uuid, reason withdraw_reason, note text, note_key_id smallint)
       WHERE e.id = r.id AND e.id = ANY (ARRAY(SELECT (named ->> 'id')::uuid FROM json_array_elements($7::json) AS named))
    ), remembered AS (
      INSERT INTO idempotency_keys (program_id, principal_id, key, input_hash, outcome, enrollment_id, revision,
                                    created_at)
      SELECT $1::int, r.principal_id, r.key, decode(r.input_hash, 'hex'), r.outcome, r.enrollment_id, r.revision, $4::timestamptz
        FROM json_to_recordset($8::json)
          AS r(principal_id int, key text, input_hash text, outcome text, enrollment_id uuid, revision int)
    ), posted AS (
      INSERT INTO postings (program_id, revision, posted_at) SELECT $1::int, $2::int, $4::timestamptz WHERE $2::int IS NOT NULL
    ), appended AS (
      INSERT INTO entries (program_id, revision, position, kind, neighborhood_id, enrollment_id, reason,
                           ${FIGURES.map((figure) => COLUMN[figure]).join(', ')})
      SELECT $1::int, $2::int, r.position, r.kind, r.neighborhood_id, r.enrollment_id, r.reason, ${figureRowValues('r')}
        FROM json_to_recordset($9::json)
          AS r(position int, kind entry_kind, neighborhood_id int, enrollment_id uuid, reason withdraw_reason,
               ${FIGURE_RECORD})
    ), moved AS (
      UPDATE neighborhood_sums s
         SET ${FIGURES.map((figure) => `${COLUMN[figure]} = s.${COLUMN[figure]} + coalesce(d.${COLUMN[figure]}, 0)`).join(', ')}
        FROM json_to_recordset($10::json) AS d(neighborhood_id int, ${FIGURE_RECORD})
       WHERE s.program_id = $1::int AND s.neighborhood_id = d.neighborhood_id
         AND s.neighborhood_id = ANY (ARRAY(SELECT (named ->> 'neighborhood_id')::int FROM json_array_elements($10::json) AS named))
      RETURNING 1
    ), audited AS (
      INSERT INTO audit_log (program_id, sequence, at, principal_id, action, subject, revision, previous_hash, hash)
      SELECT $1::int, r.sequence, $4::timestamptz, r.principal_id, r.action, r.subject, coalesce($2::int, $3::int),
             decode(r.previous_hash, 'hex'), decode(r.hash, 'hex')
        FROM json_to_recordset($11::json)
          AS r(sequence bigint, principal_id int, action text, subject text, previous_hash text, hash text)
    ), announced AS (
      UPDATE versions SET version = $2::int WHERE program_id = $1::int AND topic = 'ledger' AND $2::int IS NOT NULL
    ), head AS (
      UPDATE ledger_heads
         SET revision = coalesce($2::int, revision), posted_at = CASE WHEN $2::int IS NULL THEN posted_at ELSE $4::timestamptz END,
             audit_sequence = $12::bigint, audit_hash = $13::bytea
       WHERE program_id = $1::int AND revision = $3::int
      RETURNING 1
    )
    SELECT ensure((SELECT count(*) FROM moved) = $14::int, 'A posting names a neighborhood that has no sums.'),
           ensure((SELECT count(*) FROM head) = 1, 'The ledger moved although its lock was held.')`;

/**
 * Writes one commit's rows. Where a neighborhood has no sums, or the head is not where it was read, the statement fails
 * and with it the transaction: nobody has to have read the answer before the commit is sent.
 */
export async function write(client: ClientBase, content: Write): Promise<void> {
  const { programId, revision, headRevision, postedAt, settlement } = content;
  const moves = sumByNeighborhood(content.entries);
  await client.query({
    text: WRITE,
    // By name one plan is kept for a connection; work of its own is planned under other settings.
    name: settlement ? 'ledger-write' : 'ledger-post',
    values: [
      programId,
      revision,
      headRevision,
      postedAt,
      JSON.stringify(
        (settlement?.participants ?? []).map((command) => ({
          id: command.participantId,
          nik_hash: command.nikHash.toString('hex'),
          key_id: command.keyId,
          sealed: command.sealed.toString('hex'),
          is_simulated: command.isSimulated,
        })),
      ),
      JSON.stringify(
        (settlement?.enrollments ?? []).map(({ command, participantId, monthsCovered, persistency }) => ({
          id: command.enrollmentId,
          participant_id: participantId,
          neighborhood_id: command.neighborhoodId,
          principal_id: command.principalId,
          status: command.isVerified ? 'ENROLLED' : 'PENDING',
          enrolled_on: command.enrolledOn,
          months_covered: monthsCovered,
          persistency,
        })),
      ),
      JSON.stringify(
        (settlement?.withdrawals ?? []).map((command) => ({
          id: command.enrollmentId,
          reason: command.reason,
          note: command.note?.sealed.toString('hex'),
          note_key_id: command.note?.keyId,
        })),
      ),
      JSON.stringify(
        (settlement?.keys ?? []).map(({ command, answer }) => ({
          principal_id: command.principalId,
          key: command.key?.text,
          input_hash: command.key?.inputHash.toString('hex'),
          outcome: answer.outcome,
          enrollment_id: answer.outcome === 'ACCEPTED' ? answer.enrollmentId : null,
          revision: answer.revision,
        })),
      ),
      JSON.stringify(
        content.entries.map((entry, position) => ({
          position,
          kind: entry.kind,
          neighborhood_id: entry.neighborhoodId,
          enrollment_id: entry.enrollmentId,
          reason: entry.reason,
          ...figureRow(entry.change),
        })),
      ),
      JSON.stringify(moves),
      JSON.stringify(
        content.audit.map((row) => ({
          sequence: row.sequence.toString(),
          principal_id: row.principalId,
          action: row.action,
          subject: row.subject,
          previous_hash: row.previousHash.toString('hex'),
          hash: row.hash.toString('hex'),
        })),
      ),
      content.auditEnd.sequence.toString(),
      content.auditEnd.hash,
      moves.length,
    ],
  });
}

function sumByNeighborhood(entries: readonly Entry[]): Record<string, number>[] {
  const sums = new Map<number, Record<Figure, number>>();
  for (const entry of entries) {
    let sum = sums.get(entry.neighborhoodId);
    if (!sum) {
      sum = zeroFigures();
      sums.set(entry.neighborhoodId, sum);
    }
    addFigures(sum, entry.change);
  }
  return [...sums].map(([neighborhood_id, sum]) => ({ neighborhood_id, ...figureRow(sum) }));
}
