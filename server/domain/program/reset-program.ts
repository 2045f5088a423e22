import type { Pool } from 'pg';
import { jakartaTime } from '#server/base/day.ts';
import { COLUMN, FIGURES } from '#server/ledger/figures.ts';
import { lockLedger } from '#server/ledger/lock.ts';

const FORGOTTEN =
  'idempotency_keys, contributions, enrollments, participants, entries, postings, closings, closing_sums, audit_log';

/**
 * Puts a demonstration back to its first day: no person, no revision, another epoch, not open. As the owner of the
 * tables, which alone may empty a ledger, and under the ledger's lock. The database refuses it for a live program.
 */
export async function resetProgram(
  owner: Pool,
  programId: number,
  epoch: string,
  startsOn: string,
): Promise<void> {
  const client = await owner.connect();
  try {
    await client.query('BEGIN');
    await lockLedger(client, programId);
    await client.query(`TRUNCATE ${FORGOTTEN}`);
    await client.query(
      `UPDATE neighborhood_sums SET ${FIGURES.map((figure) => `${COLUMN[figure]} = 0`).join(', ')} WHERE program_id = $1`,
      [programId],
    );
    await client.query(
      `UPDATE ledger_heads SET revision = 0, posted_at = $2, audit_sequence = 0, audit_hash = decode(repeat('00', 32), 'hex'),
              closed_day = NULL WHERE program_id = $1`,
      [programId, new Date(jakartaTime(startsOn))],
    );
    await client.query(
      'UPDATE programs SET epoch = $2, opened_at = NULL, clock_offset_ms = 0, source_cut_off = NULL WHERE id = $1',
      [programId, epoch],
    );
    await client.query(
      `UPDATE versions SET version = CASE topic WHEN 'ledger' THEN 0 ELSE version + 1 END WHERE program_id = $1`,
      [programId],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
