import { randomInt, randomUUID } from 'node:crypto';
import type { PrismaClient } from '#prisma/generated/client/client.ts';
import { announceGrants } from './announce-grants.ts';
import { hashKey, newKey } from './keys.ts';
import { hashPassword } from './passwords.ts';
import type { Role } from './policy.ts';

/** An account as the demonstration prints it. A screen has a key and no password: nobody signs in as one. */
export interface DemonstrationAccount {
  readonly role: string;
  readonly area: string;
  readonly username: string;
  readonly password: string | null;
  readonly key: string;
}

/** One account per role, named after it; roles of an area get one that shows something. */
const ACCOUNTS: readonly { readonly role: Role; readonly area: string }[] = [
  { role: 'ADMIN', area: '12.71' },
  { role: 'BPJS', area: '12.71' },
  { role: 'DIRECTOR', area: '12.71' },
  { role: 'LEADERSHIP', area: '12.71' },
  { role: 'GOVERNANCE', area: '12.71' },
  { role: 'DISTRICT', area: '12.71.14' },
  { role: 'VILLAGE', area: '12.71.14.1001' },
  { role: 'NEIGHBORHOOD', area: '12.71.14.1001-001' },
  { role: 'SCREEN', area: '12.71' },
];

/**
 * Makes the demonstration's accounts anew, each with a fresh key and password; those given before stop working. Only
 * for a program of made-up people: here they may lie readable in a file.
 */
export async function issueDemonstrationAccounts(
  prisma: PrismaClient,
  programId: number,
  now: Date,
): Promise<readonly DemonstrationAccount[]> {
  const accounts = ACCOUNTS.map(({ role, area }) => ({
    role: role.toLowerCase(),
    area,
    username: role.toLowerCase(),
    password: role === 'SCREEN' ? null : newPassword(),
    key: newKey(),
  }));
  for (const account of accounts) await writeAccount(prisma, programId, now, account);
  await announceGrants(prisma, programId);
  return accounts;
}

async function writeAccount(
  prisma: PrismaClient,
  programId: number,
  now: Date,
  account: DemonstrationAccount,
): Promise<void> {
  const hash = account.password === null ? null : await hashPassword(account.password);
  await prisma.$transaction(async (tx) => {
    let userId: string | null = null;
    if (hash !== null) {
      const user = await tx.user.upsert({
        where: { username: account.username },
        update: { updatedAt: now },
        create: {
          id: randomUUID(),
          name: account.username,
          // Never written to: better-auth wants an address, and this name can have none.
          email: `${account.username}@demonstration.invalid`,
          emailVerified: false,
          username: account.username,
          displayUsername: account.username,
          createdAt: now,
          updatedAt: now,
        },
      });
      userId = user.id;
      await tx.session.deleteMany({ where: { userId } });
      await tx.account.upsert({
        where: { providerId_accountId: { providerId: 'credential', accountId: userId } },
        update: { password: hash, updatedAt: now },
        create: {
          id: randomUUID(),
          accountId: userId,
          providerId: 'credential',
          userId,
          password: hash,
          createdAt: now,
          updatedAt: now,
        },
      });
    }
    const held = {
      areaCode: account.area,
      keyHash: new Uint8Array(hashKey(account.key)),
      revokedAt: null,
      userId,
    };
    await tx.principal.upsert({
      where: { programId_username: { programId, username: account.username } },
      update: held,
      create: {
        ...held,
        programId,
        username: account.username,
        role: account.role.toUpperCase() as Role,
        isSimulated: true,
        createdAt: now,
      },
    });
  });
}

/** Read out and typed by hand: no letters or digits that look alike, about 58 random bits. */
function newPassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const letters = Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}
