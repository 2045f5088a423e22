import { randomUUID } from 'node:crypto';
import type { Prisma } from '#prisma/generated/client/client.ts';

/**
 * Writes by which password a person signs in; whoever is signed in under the old one is signed out. Gives the user's
 * id. `hash` as `hashPassword` makes it.
 */
export async function writeSignIn(
  tx: Prisma.TransactionClient,
  username: string,
  hash: string,
  now: Date,
): Promise<string> {
  const { id } = await tx.user.upsert({
    where: { username },
    update: { updatedAt: now },
    create: {
      id: randomUUID(),
      name: username,
      // Never written to: better-auth wants an address, and this name can have none.
      email: `${username}@account.invalid`,
      emailVerified: false,
      username,
      displayUsername: username,
      createdAt: now,
      updatedAt: now,
    },
  });
  await tx.session.deleteMany({ where: { userId: id } });
  await tx.account.upsert({
    where: { providerId_accountId: { providerId: 'credential', accountId: id } },
    update: { password: hash, updatedAt: now },
    create: {
      id: randomUUID(),
      accountId: id,
      providerId: 'credential',
      userId: id,
      password: hash,
      createdAt: now,
      updatedAt: now,
    },
  });
  return id;
}
