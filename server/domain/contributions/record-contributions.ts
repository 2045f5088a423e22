import { addDays } from '#server/base/day.ts';
import type { OpenPosting } from '#server/ledger/ledger.ts';
import type { Actor } from '../access/policy.ts';
import type { Intake } from '../enrollments/intake.ts';
import { readStandings, reclassify } from './reclassify.ts';

/** One month paid for one person. */
export interface ContributionInput {
  readonly nik: string;
  /** `yyyy-mm`: the month covered. */
  readonly period: string;
  /** `yyyy-mm-dd`. */
  readonly paidOn: string;
  /** Whole rupiah; kept, never counted with. */
  readonly amount: number;
}

/** `DUPLICATE`: the month was covered already. `UNKNOWN`: nobody of this NIK was ever enrolled. */
export type ContributionOutcome = 'ACCEPTED' | 'DUPLICATE' | 'UNKNOWN';

export interface ContributionsRecorded {
  /** What became of each input, in their order. */
  readonly outcomes: readonly ContributionOutcome[];
  readonly revision: number;
}

/** Records covered months as one commit. A month that is covered already stays as it was first recorded. */
export async function recordContributions(
  intake: Intake,
  actor: Actor,
  subject: string,
  inputs: readonly ContributionInput[],
): Promise<ContributionsRecorded> {
  const rows = inputs.map((input, position) => ({
    position,
    nik_hash: intake.vault.hashNik(input.nik).toString('hex'),
    period: `${input.period}-01`,
    paid_on: input.paidOn,
    amount: input.amount,
  }));
  const { result, revision } = await intake.ledger.post((posting) =>
    record(posting, intake.program().id, actor, subject, rows, intake.program().startsOn),
  );
  return { outcomes: result, revision };
}

async function record(
  posting: OpenPosting,
  programId: number,
  actor: Actor,
  subject: string,
  rows: readonly object[],
  startsOn: string,
) {
  // Of a month that comes twice the first is recorded.
  const { rows: judged } = await posting.client.query<{
    outcome: ContributionOutcome;
    participant_id: string;
  }>(
    `WITH input AS (
       SELECT r.*, p.id AS participant_id, row_number() OVER (PARTITION BY p.id, r.period ORDER BY r.position) AS turn
         FROM json_to_recordset($2::json) AS r(position int, nik_hash text, period date, paid_on date, amount int)
         LEFT JOIN participants p ON p.program_id = $1 AND p.nik_hash = decode(r.nik_hash, 'hex')
     ), added AS (
       INSERT INTO contributions (program_id, participant_id, period, paid_on, amount, revision)
       SELECT $1, participant_id, period, paid_on, amount, $3 FROM input
        WHERE participant_id IS NOT NULL AND turn = 1 ON CONFLICT DO NOTHING
       RETURNING participant_id, period
     )
     SELECT i.participant_id,
            CASE WHEN i.participant_id IS NULL THEN 'UNKNOWN'
                 WHEN i.turn = 1 AND a.period IS NOT NULL THEN 'ACCEPTED'
                 ELSE 'DUPLICATE' END AS outcome
       FROM input i LEFT JOIN added a USING (participant_id, period) ORDER BY i.position`,
    [programId, JSON.stringify(rows), posting.revision],
  );
  const outcomes = judged.map((row) => row.outcome);
  const added = judged.filter((row) => row.outcome === 'ACCEPTED').map((row) => row.participant_id);
  const standings = await readStandings(posting.client, programId, [...new Set(added)]);
  // Before the first close nothing has fallen due: the day before the start says so.
  const closedDay = posting.head.closedDay ?? addDays(startsOn, -1);
  posting.append(await reclassify(posting.client, 'CONTRIBUTED', standings, closedDay));
  if (added.length > 0)
    posting.audit({ principalId: actor.principalId, action: 'record-contributions', subject });
  return outcomes;
}
