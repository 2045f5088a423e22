import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PrismaClient } from '#prisma/generated/client/client.ts';
import {
  type DemonstrationAccount,
  issueDemonstrationAccounts,
} from '#server/domain/access/demonstration-accounts.ts';
import type { Principals } from '#server/domain/access/principals.ts';

const ACCOUNTS_FILE = 'demo-accounts.json';

/** The demonstration's accounts: those of the file while every key in it works, else new ones, written there. */
export async function ensureDemonstrationAccounts(
  prisma: PrismaClient,
  principals: Principals,
  programId: number,
  dataDir: string,
  now: Date,
): Promise<readonly DemonstrationAccount[]> {
  const file = path.join(dataDir, ACCOUNTS_FILE);
  const kept = await readAccounts(file);
  const actors = await Promise.all((kept ?? []).map((account) => principals.byKey(account.key)));
  const areComplete = kept?.every((account) => account.password !== null || account.role === 'screen');
  if (kept && kept.length > 0 && areComplete && actors.every((actor) => actor !== null)) return kept;
  const issued = await issueDemonstrationAccounts(prisma, programId, now);
  principals.forget();
  await writeFile(file, `${JSON.stringify(issued, null, 2)}\n`, { mode: 0o600 });
  return issued;
}

async function readAccounts(file: string): Promise<readonly DemonstrationAccount[] | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as readonly DemonstrationAccount[];
  } catch {
    // Missing or unreadable: the keys in it cannot be known any more, new ones take their place.
    return null;
  }
}
