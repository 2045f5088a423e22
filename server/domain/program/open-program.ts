import type { PrismaClient } from '#prisma/generated/client/client.ts';

/**
 * Opens a loaded program: from now on its clock runs, `clockOffsetMs` behind the wall, and intake is for everyone.
 * Whoever follows the program learns it by its version.
 */
export async function openProgram(
  prisma: PrismaClient,
  programId: number,
  wallMs: number,
  clockOffsetMs: number,
  sourceCutOff: string,
) {
  await prisma.$transaction([
    prisma.program.update({
      where: { id: programId },
      data: {
        openedAt: new Date(wallMs),
        clockOffsetMs: BigInt(clockOffsetMs),
        sourceCutOff: new Date(sourceCutOff),
      },
    }),
    prisma.version.update({
      where: { programId_topic: { programId, topic: 'program' } },
      data: { version: { increment: 1n } },
    }),
  ]);
}
