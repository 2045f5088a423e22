import type { PrismaClient } from '#prisma/generated/client/client.ts';
import { hashKey } from './keys.ts';
import type { Actor, Role } from './policy.ts';

/** Keys that are answered from memory at most; the least lately used goes. Grants are read again when they change. */
const REMEMBERED_KEYS = 5_000;

export interface Principals {
  /** The actor behind a key; null where the key is unknown or revoked. One query per key and grants version. */
  byKey(key: string): Promise<Actor | null>;
  /**
   * The name of a key that was found right already, without asking; where it is being asked now, what that comes to. Null
   * for all others. The name says nothing of the key.
   */
  nameOfKnown(key: string): Promise<string | null>;
  /** The actor a signed-in person is in this program; null where they are none, or no more. */
  byUser(userId: string): Promise<Actor | null>;
  /** The actors behind these keys, by key, as the database has them now. One query. */
  byKeys(keys: readonly string[]): Promise<ReadonlyMap<string, Actor>>;
  /** The actors that these people are in this program, by user. One query. */
  byUsers(userIds: readonly string[]): Promise<ReadonlyMap<string, Actor>>;
  /** Called when grants changed: every key is asked again. */
  forget(): void;
  /** How often grants changed: what was read meanwhile may be what they were. */
  readonly changes: number;
}

export function createPrincipals(prisma: PrismaClient, programId: number): Principals {
  /** By the hash of the key. Right ones, and those that are being asked. */
  const known = new Map<string, Promise<Actor | null>>();

  let changes = 0;

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
    async nameOfKnown(key) {
      const name = hashKey(key).toString('base64');
      // Who asked is told why it could not be found out.
      const actor = await known.get(name)?.catch(() => null);
      return actor ? name : null;
    },
    async byUser(userId) {
      const row = await prisma.principal.findUnique({ where: { programId_userId: { programId, userId } } });
      return row ? actorOf(row) : null;
    },
    async byKeys(keys) {
      const keyOf = new Map(keys.map((key) => [hashKey(key).toString('base64'), key]));
      const hashes = [...keyOf.keys()].map((name) => new Uint8Array(Buffer.from(name, 'base64')));
      const rows = await prisma.principal.findMany({
        where: { programId, revokedAt: null, keyHash: { in: hashes } },
      });
      return mapOf(rows, ({ keyHash }) => keyHash && keyOf.get(Buffer.from(keyHash).toString('base64')));
    },
    async byUsers(userIds) {
      const rows = await prisma.principal.findMany({
        where: { programId, revokedAt: null, userId: { in: [...userIds] } },
      });
      return mapOf(rows, ({ userId }) => userId);
    },
    forget() {
      changes += 1;
      known.clear();
    },
    get changes() {
      return changes;
    },
  };
}

interface Row {
  readonly id: number;
  readonly role: Role;
  readonly areaCode: string;
  readonly revokedAt: Date | null;
}

function mapOf<R extends Row>(
  rows: readonly R[],
  nameOf: (row: R) => string | null | undefined,
): ReadonlyMap<string, Actor> {
  const actors = new Map<string, Actor>();
  for (const row of rows) {
    const [name, actor] = [nameOf(row), actorOf(row)];
    if (name && actor) actors.set(name, actor);
  }
  return actors;
}

function actorOf(row: Row): Actor | null {
  return row.revokedAt === null ? { principalId: row.id, role: row.role, areaCode: row.areaCode } : null;
}
