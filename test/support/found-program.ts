import type { PrismaClient } from '#prisma/generated/client/client.ts';
import { jakartaDay, jakartaTime } from '#server/base/day.ts';
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

/** Medan's areas, and a program of real people that began today and holds nobody yet. */
export async function foundOpenLive(prisma: PrismaClient, wallMs: number): Promise<void> {
  const today = jakartaDay(wallMs);
  await foundProgram(prisma, { ...MEDAN_CHARTER, startsOn: today }, 'LIVE', readAreaTree(), wallMs);
  await openProgram(prisma, PROGRAM_ID, wallMs, 0, today);
}
