import type { ClientBase } from 'pg';
import { addDays, jakartaDay } from '#server/base/day.ts';
import { COLUMN, FIGURES } from '#server/ledger/figures.ts';
import type { OpenPosting } from '#server/ledger/ledger.ts';
import type { Actor } from '../access/policy.ts';
import type { Intake } from '../enrollments/intake.ts';
import { isMonthEnd } from './persistency.ts';
import { readStandings, reclassify } from './reclassify.ts';

/** How long the first answer to an idempotency key is kept. */
const KEY_DAYS = 30;

/**
 * Posts what the calendar changes, once per program day and in the order of days: after a month's end every class
 * is judged anew; every day's sums are kept, so that a past figure costs one day of entries and not the history.
 * Idempotent; a server that slept catches up day by day. Returns the days it closed.
 */
export async function closeDays(intake: Intake, actor: Actor): Promise<readonly string[]> {
  const closed: string[] = [];
  for (;;) {
    const lastEnded = addDays(jakartaDay(intake.now()), -1);
    const { result } = await intake.ledger.post((posting) =>
      closeNext(posting, intake.program().id, intake.program().startsOn, lastEnded, actor),
    );
    if (result === null) return closed;
    closed.push(result);
  }
}

async function closeNext(
  posting: OpenPosting,
  programId: number,
  startsOn: string,
  lastEnded: string,
  actor: Actor,
): Promise<string | null> {
  const { closedDay } = posting.head;
  const day =
    closedDay === null ? await firstDay(posting.client, programId, startsOn) : addDays(closedDay, 1);
  if (day > lastEnded) return null;
  if (isMonthEnd(day)) {
    const standings = await readStandings(posting.client, programId, 'all');
    posting.append(await reclassify(posting.client, 'CLASSIFIED', standings, day));
  }
  posting.audit({ principalId: actor.principalId, action: 'close-day', subject: day });
  posting.afterwards((client, revision) => keepSums(client, programId, day, revision));
  return day;
}

/** Before the day that precedes its founding a program has nothing to keep; that day says what has fallen due by then. */
async function firstDay(client: ClientBase, programId: number, startsOn: string): Promise<string> {
  const { rows } = await client.query<{ postedAt: Date }>(
    'SELECT posted_at AS "postedAt" FROM postings WHERE program_id = $1 ORDER BY revision LIMIT 1',
    [programId],
  );
  const founded = rows[0]?.postedAt;
  const before = founded ? addDays(jakartaDay(founded.getTime()), -1) : startsOn;
  return before > startsOn ? before : startsOn;
}

const COLUMNS = FIGURES.map((figure) => COLUMN[figure]).join(', ');

async function keepSums(client: ClientBase, programId: number, day: string, revision: number): Promise<void> {
  await client.query('INSERT INTO closings (program_id, day, revision) VALUES ($1, $2, $3)', [
    programId,
    day,
    revision,
  ]);
  await client.query(
    `INSERT INTO closing_sums (program_id, day, neighborhood_id, ${COLUMNS})
     SELECT program_id, $2, neighborhood_id, ${COLUMNS} FROM neighborhood_sums WHERE program_id = $1`,
    [programId, day],
  );
  await client.query(
    'DELETE FROM idempotency_keys WHERE program_id = $1 AND created_at < $2::date - $3::int',
    [programId, day, KEY_DAYS],
  );
  await client.query('UPDATE ledger_heads SET closed_day = $2 WHERE program_id = $1', [programId, day]);
}
