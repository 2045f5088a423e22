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

export interface ContributionsRecorded {
  readonly accepted: number;
  /** The month was covered already. */
  readonly duplicate: number;
  /** Nobody of this NIK was ever enrolled. */
  readonly unknown: number;
  readonly revision: number;
}

/** Records covered months as one commit. A month that is covered already stays as it was first recorded. */
export async function recordContributions(
  intake: Intake,
  actor: Actor,
  subject: string,
  inputs: readonly ContributionInput[],
): Promise<ContributionsRecorded> {
  const rows = inputs.map((input) => ({
    nik_hash: intake.vault.hashNik(input.nik).toString('hex'),
    period: `${input.period}-01`,
    paid_on: input.paidOn,
    amount: input.amount,
  }));
  const { result, revision } = await intake.ledger.post((posting) =>
    record(posting, intake.program().id, actor, subject, rows, intake.program().startsOn),
  );
  return { ...result, revision };
}

async function record(
  posting: OpenPosting,
  programId: number,
  actor: Actor,
  subject: string,
  rows: readonly object[],
  startsOn: string,
) {
  const { rows: counts } = await posting.client.query<{
    known: number;
    added: string[] | null;
    accepted: number;
  }>(
    `WITH input AS (
       SELECT p.id AS participant_id, r.period, r.paid_on, r.amount
         FROM json_to_recordset($2::json) AS r(nik_hash text, period date, paid_on date, amount int)
         JOIN participants p ON p.program_id = $1 AND p.nik_hash = decode(r.nik_hash, 'hex')
     ), added AS (
       INSERT INTO contributions (program_id, participant_id, period, paid_on, amount, revision)
       SELECT $1, participant_id, period, paid_on, amount, $3 FROM input ON CONFLICT DO NOTHING
       RETURNING participant_id
     )
     SELECT (SELECT count(*)::int FROM input) AS known,
            (SELECT count(*)::int FROM added) AS accepted,
            (SELECT array_agg(DISTINCT participant_id)::text[] FROM added) AS added`,
    [programId, JSON.stringify(rows), posting.revision],
  );
  const { known = 0, added = null, accepted = 0 } = counts[0] ?? {};
  const standings = await readStandings(posting.client, programId, added ?? []);
  // Before the first close nothing has fallen due: the day before the start says so.
  const closedDay = posting.head.closedDay ?? addDays(startsOn, -1);
  posting.append(await reclassify(posting.client, 'CONTRIBUTED', standings, closedDay));
  if (accepted > 0)
    posting.audit({ principalId: actor.principalId, action: 'record-contributions', subject });
  return { accepted, duplicate: known - accepted, unknown: rows.length - known };
}
