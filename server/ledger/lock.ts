import type { ClientBase } from 'pg';

/** First half of the advisory lock's name; the second is the program. Any writer of any process takes the same. */
const LEDGER_LOCK = 20_250_514;

const PLANNED_ONCE = 'SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off; ';

/**
 * Opens a transaction and waits for the program's lock. Two statements, so that what is read afterwards is seen
 * as of the moment the lock was held: a snapshot taken before the wait would already be old. The isolation level is
 * said, since a database may have another by default, whose snapshot lasts. `isPlannedOnce`: for statements that are
 * sent again and again and have one good plan, by index; planning them each time costs as much as running them, and
 * what was planned on empty tables is kept when they have grown.
 */
export async function beginLocked(
  client: ClientBase,
  programId: number,
  { isPlannedOnce = false } = {},
): Promise<void> {
  const planning = isPlannedOnce ? PLANNED_ONCE : '';
  await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED; ${planning}${lockStatement(programId)}`);
}

/** Waits for the program's lock inside a transaction that is open already and has read nothing yet. */
export async function lockLedger(client: ClientBase, programId: number): Promise<void> {
  await client.query(lockStatement(programId));
}

/** For whoever opens a transaction by other means, as the first statement in it. */
export function lockStatement(programId: number): string {
  return `SELECT pg_advisory_xact_lock(${LEDGER_LOCK}, ${Number(programId)})`;
}
