import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { until } from '#test/support/wait.ts';

describe('connections', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ isQuiet: true });
  });
  afterAll(() => database.drop());

  test('[SET-46] that the database drops do not end the program: the next query finds another', async () => {
    const pool = database.store.pool('app');
    const ledger = await database.store.ledgerClient();
    let isLost = false;
    ledger.once('end', () => {
      isLost = true;
    });
    await Promise.all([pool.query('SELECT 1'), pool.query('SELECT 1')]);
    const admin = await database.admin();
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await until('the loss to be seen', () => isLost && pool.idleCount === 0);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    const next = await database.store.ledgerClient();
    expect((await next.query('SELECT is_ledger()')).rows).toEqual([{ is_ledger: true }]);
  });

  test('[SET-46] that are lost while somebody holds them and asks nothing do not end the program either', async () => {
    const pool = database.store.pool('reader');
    const held = await pool.connect();
    const { rows } = await held.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    let isLost = false;
    held.once('end', () => {
      isLost = true;
    });
    const admin = await database.admin();
    await admin.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await until('the loss to be seen', () => isLost);
    await expect(held.query('SELECT 1')).rejects.toThrow();
    held.release();
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('[SET-47] give whole numbers and days exactly as they are kept', async () => {
    const found = await database.store
      .pool('reader')
      .query(
        `SELECT 9007199254740993::bigint AS big, '2025-10-29'::date AS day, current_setting('TimeZone') AS zone`,
      );
    expect(found.rows).toEqual([{ big: 9007199254740993n, day: '2025-10-29', zone: 'UTC' }]);
  });

  test('[SET-48] end with their store, whoever still holds one', async () => {
    const store = await database.open();
    const held = await store.ledgerClient();
    await store.pool('reader').query('SELECT 1');
    await store.close();
    await expect(held.query('SELECT 1')).rejects.toThrow();
  });
});
