import type { PrismaClient } from '#prisma/generated/client/client.ts';
import { announceGrants } from './announce-grants.ts';
import { hashKey, newKey } from './keys.ts';
import { hashPassword, newPassword } from './passwords.ts';
import type { Role } from './policy.ts';
import { writeSignIn } from './write-sign-in.ts';

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
    const userId = hash === null ? null : await writeSignIn(tx, account.username, hash, now);
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
