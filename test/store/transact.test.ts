import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { snapshot, transact } from '#server/store/transact.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

const put = (topic: string) =>
  `INSERT INTO versions VALUES (1, '${topic}', 1) ON CONFLICT (program_id, topic) DO UPDATE SET version = versions.version + 1`;

describe('transactions', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const topics = async () => {
    const found = await database.store.prisma.version.findMany({ orderBy: { topic: 'asc' } });
    return found.map(({ topic }) => topic);
  };

  test('[SET-22] what throws changes nothing, is told of as it was, and leaves the connection usable', async () => {
    const client = await database.store.client('app');
    const failing = transact(client, async (tx) => {
      await tx.query(put('lost'));
      await tx.query('SELECT 1 / 0');
    });
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(await transact(client, async (tx) => (await tx.query(put('kept'))).rowCount)).toBe(1);
    expect(await topics()).toEqual(['kept']);
  });

  test('[SET-23] of two transactions that lock each other out both succeed in the end', async () => {
    const [a, b] = await Promise.all([database.store.client('app'), database.store.client('app')]);
    for (const topic of ['left', 'right']) await a.query(put(topic));
    let met = 0;
    let release = () => {};
    const bothHoldOne = new Promise<void>((resolve) => {
      release = resolve;
    });
    const crossing = (first: string, second: string) => async (tx: pg.ClientBase) => {
      await tx.query(put(first));
      met += 1;
      if (met >= 2) release();
      await bothHoldOne;
      await tx.query(put(second));
    };
    await Promise.all([transact(a, crossing('left', 'right')), transact(b, crossing('right', 'left'))]);
    const found = await database.store.prisma.version.findMany({
      where: { topic: { in: ['left', 'right'] } },
    });
    expect(found.map(({ version }) => version)).toEqual([3n, 3n]);
  });

  test('[SET-24] a snapshot shows one moment, whatever is committed meanwhile, and writes nothing', async () => {
    const pool = database.store.pool('app');
    const [before, after] = await snapshot(pool, async (tx) => {
      const count = async () =>
        (await tx.query<{ n: number }>('SELECT count(*)::int AS n FROM versions')).rows[0]?.n;
      const first = await count();
      await pool.query(put('meanwhile'));
      return [first, await count()];
    });
    expect(after).toBe(before);
    await expect(snapshot(pool, (tx) => tx.query(put('written')))).rejects.toMatchObject({ code: '25006' });
  });
});
