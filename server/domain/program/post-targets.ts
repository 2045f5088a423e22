import type { Ledger } from '#server/ledger/ledger.ts';
import type { AreaIndex } from '../areas/area-index.ts';

/**
 * Posts every neighborhood's own target, where it has none yet: a program's first revision. A target is an entry
 * like any other figure, so that the past keeps the target it had.
 */
export async function postTargets(
  ledger: Ledger,
  principalId: number,
  programId: number,
  areas: AreaIndex,
  targetPerNeighborhood: number,
): Promise<number> {
  const neighborhoods = areas.all.filter((area) => area.level === 'NEIGHBORHOOD');
  const { revision } = await ledger.post(async (posting) => {
    const { rows } = await posting.client.query<{ id: number }>(
      'SELECT neighborhood_id AS id FROM neighborhood_sums WHERE program_id = $1 AND target = 0',
      [programId],
    );
    const open = new Set(rows.map((row) => row.id));
    const without = neighborhoods.filter((area) => open.has(area.id));
    posting.append(
      without.map((area) => ({
        kind: 'TARGET',
        neighborhoodId: area.id,
        enrollmentId: null,
        reason: null,
        change: { target: targetPerNeighborhood },
      })),
    );
    if (without.length > 0) {
      posting.audit({
        principalId,
        action: 'post-targets',
        subject: `${without.length} x ${targetPerNeighborhood}`,
      });
    }
  });
  return revision;
}
