/**
 * Accounts of a program, as whoever runs it gives them out: made, given new secrets, and taken away. A secret is told
 * to the caller once and kept as a hash alone. Whoever remembers a key or follows a socket under it is told at once.
 */
import type { PrismaClient } from '#prisma/generated/client/client.ts';
import type { AreaLevel } from '../areas/area-code.ts';
import { announceGrants } from './announce-grants.ts';
import { hashKey, newKey } from './keys.ts';
import { hashPassword, newPassword } from './passwords.ts';
import type { Role } from './policy.ts';
import { writeSignIn } from './write-sign-in.ts';

/** Roles that somebody can be given, each with the level of the area that it answers for. */
export const LEVEL_OF_ROLE: Readonly<Record<Exclude<Role, 'SYSTEM'>, AreaLevel>> = {
  ADMIN: 'CITY',
  BPJS: 'CITY',
  DIRECTOR: 'CITY',
  LEADERSHIP: 'CITY',
  GOVERNANCE: 'CITY',
  DISTRICT: 'DISTRICT',
  VILLAGE: 'VILLAGE',
  NEIGHBORHOOD: 'NEIGHBORHOOD',
  SCREEN: 'CITY',
};

/** What somebody signs in by: people have a password, machines and screens a key. */
export type Secret = 'password' | 'key';

export interface Account {
  readonly username: string;
  readonly role: Role;
  readonly areaCode: string;
}

/** With the secrets that it has now, in plain text: for whoever gets them, and for nothing else. */
export interface IssuedAccount extends Account {
  readonly password: string | null;
  readonly key: string | null;
}

export interface KnownAccount extends Account {
  readonly secrets: readonly Secret[];
  readonly revokedAt: Date | null;
}

export interface Accounts {
  /** `account` has an area of its role's level. Null: the name is taken, also by one that was revoked. */
  add(account: Account, secrets: readonly Secret[]): Promise<IssuedAccount | null>;
  /** New secrets of the kinds that it has; the old ones and open sessions end, and a revoked one is valid again. */
  renew(username: string): Promise<IssuedAccount | null>;
  /** It stays as a name, since what it did stays too. Null: there is none of this name. */
  revoke(username: string): Promise<KnownAccount | null>;
  /** Everybody's but the system's own, by name. */
  list(): Promise<readonly KnownAccount[]>;
}

export function openAccounts(
  prisma: PrismaClient,
  { id: programId, mode }: { readonly id: number; readonly mode: string },
  now: () => number,
): Accounts {
  const find = (username: string) =>
    prisma.principal.findFirst({ where: { programId, username, role: { not: 'SYSTEM' } } });

  return {
    async add({ username, role, areaCode }, secrets) {
      const { password, key } = await makeSecrets(secrets);
      const at = new Date(now());
      const wasMade = await prisma.$transaction(async (tx) => {
        if (await tx.principal.findFirst({ where: { programId, username } })) return false;
        const userId = password === null ? null : await writeSignIn(tx, username, password.hash, at);
        const isSimulated = mode !== 'LIVE';
        const held = { programId, username, role, areaCode, isSimulated, createdAt: at };
        await tx.principal.create({ data: { ...held, userId, keyHash: key?.hash ?? null } });
        return true;
      });
      if (!wasMade) return null;
      return { username, role, areaCode, password: password?.text ?? null, key: key?.text ?? null };
    },
    async renew(username) {
      const known = await find(username);
      if (!known) return null;
      const { password, key } = await makeSecrets(secretsOf(known));
      const at = new Date(now());
      await prisma.$transaction(async (tx) => {
        if (password) await writeSignIn(tx, username, password.hash, at);
        await tx.principal.update({
          where: { id: known.id },
          data: { revokedAt: null, ...(key ? { keyHash: key.hash } : {}) },
        });
      });
      await announceGrants(prisma, programId);
      const { role, areaCode } = known;
      return { username, role, areaCode, password: password?.text ?? null, key: key?.text ?? null };
    },
    async revoke(username) {
      const known = await find(username);
      if (!known) return null;
      const revokedAt = known.revokedAt ?? new Date(now());
      await prisma.$transaction(async (tx) => {
        await tx.principal.update({ where: { id: known.id }, data: { revokedAt } });
        if (known.userId !== null) await tx.session.deleteMany({ where: { userId: known.userId } });
      });
      await announceGrants(prisma, programId);
      return toKnown({ ...known, revokedAt });
    },
    async list() {
      const rows = await prisma.principal.findMany({
        where: { programId, role: { not: 'SYSTEM' } },
        orderBy: { username: 'asc' },
      });
      return rows.map(toKnown);
    },
  };
}

/** What is told, and what is kept of it. */
async function makeSecrets(secrets: readonly Secret[]) {
  const password = secrets.includes('password') ? newPassword() : null;
  const key = secrets.includes('key') ? newKey() : null;
  return {
    password: password === null ? null : { text: password, hash: await hashPassword(password) },
    key: key === null ? null : { text: key, hash: new Uint8Array(hashKey(key)) },
  };
}

interface Row extends Account {
  readonly userId: string | null;
  readonly keyHash: Uint8Array | null;
  readonly revokedAt: Date | null;
}

function secretsOf({ userId, keyHash }: Row): Secret[] {
  return [...(userId === null ? [] : (['password'] as const)), ...(keyHash ? (['key'] as const) : [])];
}

function toKnown(row: Row): KnownAccount {
  const { username, role, areaCode, revokedAt } = row;
  return { username, role, areaCode, revokedAt, secrets: secretsOf(row) };
}
