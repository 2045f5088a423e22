import type { Actor } from '#server/domain/access/policy.ts';
import type { Intake } from '#server/domain/enrollments/intake.ts';
import { BOOKED } from '#server/ledger/booked.ts';
import { COLUMN, FIGURES } from '#server/ledger/figures.ts';
import { doEntriesAndPeopleAgree } from '#server/live/check-sums.ts';

const COLUMNS = FIGURES.map((figure) => COLUMN[figure]);
const REBUILD = `
  WITH ${BOOKED}
  INSERT INTO neighborhood_sums AS s (program_id, neighborhood_id, ${COLUMNS.join(', ')})
  SELECT $1, b.neighborhood_id, ${FIGURES.map((figure) => `b."${figure}"`).join(', ')} FROM booked b
  ON CONFLICT (program_id, neighborhood_id) DO UPDATE
     SET ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}
   WHERE (${COLUMNS.map((column) => `s.${column}`).join(', ')})
         IS DISTINCT FROM (${COLUMNS.map((column) => `excluded.${column}`).join(', ')})`;

/**
 * Sets the kept sums from the entries, under the ledger's lock, with a line of audit and no revision: no figure of the
 * books changes. Gives how many neighborhoods were mended; null where entries and people disagree, and nothing is touched.
 */
export async function rebuildSums(intake: Intake, actor: Actor): Promise<number | null> {
  const programId = intake.program().id;
  const { result } = await intake.ledger.post(async (posting) => {
    if (!(await doEntriesAndPeopleAgree(posting.client, programId))) return null;
    const mended = (await posting.client.query(REBUILD, [programId])).rowCount ?? 0;
    if (mended > 0) {
      const { principalId } = actor;
      posting.audit({ principalId, action: 'rebuild-sums', subject: `${mended} neighborhoods` });
    }
    return mended;
  });
  return result;
}
