import type { PrismaClient } from '#prisma/generated/client/client.ts';
import type { Actor } from './policy.ts';

/** The principal behind what no person does: loading, closing days, rehearsal traffic. */
export async function systemActor(prisma: PrismaClient, programId: number, username: string): Promise<Actor> {
  const row = await prisma.principal.findUniqueOrThrow({
    where: { programId_username: { programId, username } },
  });
  return { principalId: row.id, role: row.role, areaCode: row.areaCode };
}
