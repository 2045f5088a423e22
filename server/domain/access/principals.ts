import type { PrismaClient } from '#prisma/generated/client/client.ts';
import { hashKey } from './keys.ts';
import type { Actor, Role } from './policy.ts';

/** Keys that are answered from memory at most; the least lately used goes. Grants are read again when they change. */
const REMEMBERED_KEYS = 5_000;

export interface Principals {
  /** The actor behind a key; null where the key is unknown or revoked. One query per key and grants version. */
  byKey(key: string): Promise<Actor | null>;
  /** The actor a signed-in person is in this program; null where they are none, or no more. */
  byUser(userId: string): Promise<Actor | null>;
  /** Called when grants changed: every key is asked again. */
  forget(): void;
}

export function createPrincipals(prisma: PrismaClient, programId: number): Principals {
  const known = new Map<string, Promise<Actor | null>>();

  const ask = async (hash: Buffer): Promise<Actor | null> => {
    const row = await prisma.principal.findUnique({ where: { keyHash: new Uint8Array(hash) } });
    return row?.programId === programId ? actorOf(row) : null;
  };

  return {
    byKey(key) {
      const hash = hashKey(key);
      const name = hash.toString('base64');
      const found = known.get(name) ?? ask(hash);
      known.delete(name);
      known.set(name, found);
      found.then(
        // A wrong key is not kept: guesses must not push the right ones out.
        (actor) => actor ?? known.delete(name),
        () => known.delete(name),
      );
      if (known.size > REMEMBERED_KEYS) known.delete(known.keys().next().value as string);
      return found;
    },
    async byUser(userId) {
      const row = await prisma.principal.findUnique({ where: { programId_userId: { programId, userId } } });
      return row ? actorOf(row) : null;
    },
    forget: () => known.clear(),
  };
}

function actorOf(row: { id: number; role: Role; areaCode: string; revokedAt: Date | null }): Actor | null {
  return row.revokedAt === null ? { principalId: row.id, role: row.role, areaCode: row.areaCode } : null;
}
