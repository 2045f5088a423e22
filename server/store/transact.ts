import type pg from 'pg';
import type { Prisma, PrismaClient } from '#prisma/generated/client/client.ts';

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
const MAX_ATTEMPTS = 3;

/**
 * Runs `fn` in a transaction (READ COMMITTED) on a connection of the caller's, which nothing else may use meanwhile.
 * Commits what `fn` leaves, rolls back what it throws and throws it on. A deadlock or serialization failure is tried
 * again, three times in all, so `fn` must have no effect outside the database. This is the only place that retries.
 */
export async function transact<T>(client: pg.ClientBase, fn: (tx: pg.ClientBase) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await within(client, 'BEGIN', fn);
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (attempt >= MAX_ATTEMPTS || (code !== SERIALIZATION_FAILURE && code !== DEADLOCK)) throw error;
    }
  }
}

/** Runs `fn` on one unchanging picture of the database. What it writes fails; what it throws is thrown on. */
export async function snapshot<T>(pool: pg.Pool, fn: (tx: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failure: unknown;
  try {
    return await within(client, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', fn);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    // A connection that may be broken is not given to the next one who asks.
    client.release(failure !== undefined && isConnectionLost(failure));
  }
}

/**
 * Runs `fn` as somebody who answers for one area: row-level security shows it the people of that area and of those
 * below it, and no others. `areaCode` comes from the session's row, never from an argument.
 */
export async function asActor<T>(
  actor: { readonly areaCode: string },
  prisma: PrismaClient,
  fn: (tx: Prisma.TransactionClient) => Promise<T>,
): Promise<T> {
  return await prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT set_config('kepling.area', ${actor.areaCode}, true)`;
    return await fn(tx);
  });
}

async function within<T>(
  client: pg.ClientBase,
  begin: string,
  fn: (tx: pg.ClientBase) => Promise<T>,
): Promise<T> {
  await client.query(begin);
  try {
    const result = await fn(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // The first failure is the one to tell of; a lost connection has rolled back by itself.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

function isConnectionLost(error: unknown): boolean {
  const code = (error as { code?: string }).code;
  return code === undefined || code.startsWith('08') || code.startsWith('57P') || code.startsWith('E');
}
