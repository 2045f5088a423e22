import type { PrismaClient } from '#prisma/generated/client/client.ts';

/** Says that a key, a session or a grant is not what it was: whoever remembers one asks again. */
export async function announceGrants(prisma: PrismaClient, programId: number): Promise<void> {
  await prisma.version.update({
    where: { programId_topic: { programId, topic: 'grants' } },
    data: { version: { increment: 1n } },
  });
}
