import type { PrismaClient } from '#prisma/generated/client/client.ts';

/** Gives the ledger another identity: what screens knew of the old one is void, and they are told. */
export async function renewEpoch(prisma: PrismaClient, programId: number, epoch: string): Promise<void> {
  await prisma.$transaction([
    prisma.program.update({ where: { id: programId }, data: { epoch } }),
    prisma.version.update({
      where: { programId_topic: { programId, topic: 'program' } },
      data: { version: { increment: 1n } },
    }),
  ]);
}
