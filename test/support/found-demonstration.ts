import type { PrismaClient } from '#prisma/generated/client/client.ts';
import { jakartaTime } from '#server/base/day.ts';
import { readAreaTree } from '#server/domain/areas/read-area-tree.ts';
import { MEDAN_CHARTER } from '#server/domain/program/charter.ts';
import { foundProgram, PROGRAM_ID } from '#server/domain/program/found-program.ts';
import { openProgram } from '#server/domain/program/open-program.ts';

/**
 * Medan's areas, and a demonstration that is open and empty: a server on it has nothing to load. Every day from
 * `startsOn` on is closed by the first server.
 */
export async function foundOpenDemonstration(
  prisma: PrismaClient,
  wallMs: number,
  startsOn = MEDAN_CHARTER.startsOn,
): Promise<void> {
  await foundProgram(prisma, { ...MEDAN_CHARTER, startsOn }, 'DEMO', readAreaTree(), wallMs);
  await openProgram(prisma, PROGRAM_ID, wallMs, wallMs - jakartaTime('2025-10-29', 8, 30), '2025-10-28');
}
