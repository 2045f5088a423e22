import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RoleName } from '#server/store/connect.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { writeRows } from '#test/support/rows.ts';

const INSUFFICIENT_PRIVILEGE = '42501';
const FORBIDDEN_CHANGE = '23001';
const FAILED_CHECK = '23514';
const APPEND_ONLY = ['entries', 'postings', 'audit_log', 'closings', 'closing_sums'];

describe('what each database role may do', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await writeRows(database.store);
  });
  afterAll(() => database.drop());

  const codeOf = (role: RoleName, sql: string) =>
    database.store
      .pool(role)
      .query(sql)
      .then(
        () => 'allowed',
        (error: { code?: string }) => error.code,
      );

  test.each(APPEND_ONLY)('[SET-14] %s: the program may add, and neither change nor remove', async (table) => {
    expect(await codeOf('app', `UPDATE ${table} SET program_id = 2`)).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await codeOf('app', `DELETE FROM ${table}`)).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await codeOf('app', `TRUNCATE ${table}`)).toBe(INSUFFICIENT_PRIVILEGE);
  });

  test.each(APPEND_ONLY)('[SET-14] %s: not even their owner changes or removes', async (table) => {
    expect(await codeOf('owner', `UPDATE ${table} SET program_id = 2`)).toBe(FORBIDDEN_CHANGE);
    expect(await codeOf('owner', `DELETE FROM ${table}`)).toBe(FORBIDDEN_CHANGE);
    expect(await codeOf('owner', `DELETE FROM ${table} WHERE false`)).toBe(FORBIDDEN_CHANGE);
  });

  test('[SET-15] the program removes nothing but answers to idempotency keys, and how people sign in', async () => {
    const admin = await database.admin();
    const found = await admin.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
         AND has_table_privilege('kepling_app', oid, 'DELETE, TRUNCATE') ORDER BY 1`,
    );
    expect(found.rows.map(({ name }) => name)).toEqual([
      'accounts',
      'idempotency_keys',
      'sessions',
      'users',
      'verifications',
    ]);
  });

  test('[SET-15] neither program nor reader makes tables, and neither passes row-level security', async () => {
    expect(await codeOf('app', 'CREATE TABLE extra ()')).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await codeOf('reader', 'CREATE TABLE extra ()')).toBe(INSUFFICIENT_PRIVILEGE);
    const admin = await database.admin();
    const powerful = await admin.query(
      `SELECT rolname FROM pg_roles WHERE rolname LIKE 'kepling%'
         AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)`,
    );
    expect(powerful.rows).toEqual([]);
  });

  test('[SET-16] the reader writes nothing', async () => {
    const admin = await database.admin();
    const found = await admin.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
         AND has_table_privilege('kepling_reader', oid, 'INSERT, UPDATE, DELETE, TRUNCATE')`,
    );
    expect(found.rows).toEqual([]);
  });

  test('[SET-16] the reader reads every table, but no column that holds or leads to a person or a key', async () => {
    const admin = await database.admin();
    const hidden = await admin.query<{ column: string }>(
      `SELECT format('%s.%s', c.relname, a.attname) AS column
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
         AND c.relname NOT IN ('_prisma_migrations', 'users', 'sessions', 'accounts', 'verifications')
         AND NOT has_column_privilege('kepling_reader', c.oid, a.attnum, 'SELECT')
       ORDER BY 1`,
    );
    expect(hidden.rows.map(({ column }) => column)).toEqual([
      'enrollments.note_key_id',
      'enrollments.withdraw_note',
      'participants.nik_hash',
      'participants.sealed',
      'principals.key_hash',
      'principals.user_id',
    ]);
    for (const table of ['users', 'sessions', 'accounts', 'verifications']) {
      expect(await codeOf('reader', `SELECT count(*) FROM ${table}`)).toBe(INSUFFICIENT_PRIVILEGE);
    }
    expect(await codeOf('reader', 'SELECT sealed FROM participants')).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await codeOf('reader', 'SELECT count(*) FROM participants')).toBe('allowed');
  });

  test('[SET-17] a neighborhood’s sums are never negative and always agree with themselves', async () => {
    const sums = (values: string) =>
      codeOf('app', `INSERT INTO neighborhood_sums (program_id, neighborhood_id, ${values}`);
    expect(await sums('target) VALUES (1, 1, -1)')).toBe(FAILED_CHECK);
    expect(await sums('enrolled, months_none, too_new) VALUES (1, 1, -1, -1, -1)')).toBe(FAILED_CHECK);
    expect(await sums('enrolled, months_none, too_new) VALUES (1, 1, 2, 1, 2)')).toBe(FAILED_CHECK);
    expect(await sums('enrolled, months_none, too_new) VALUES (1, 1, 2, 2, 1)')).toBe(FAILED_CHECK);
    expect(await sums('enrolled, months_one, stopped) VALUES (1, 1, 2, 2, 2)')).toBe('allowed');
    const ledger = await database.store.ledgerClient();
    const fewer = ledger.query('UPDATE enrollments SET months_covered = -1');
    await expect(fewer).rejects.toMatchObject({ code: FAILED_CHECK });
    await ledger.end();
  });

  test('[SET-44] a participant has at most one enrollment that is not withdrawn', async () => {
    const ledger = await database.store.ledgerClient();
    const again = (status: string) =>
      ledger.query(
        `INSERT INTO enrollments (id, program_id, participant_id, neighborhood_id, principal_id, status, enrolled_on, enrolled_revision)
         SELECT gen_random_uuid(), program_id, participant_id, neighborhood_id, 1, $1::enrollment_status, enrolled_on, 1
         FROM enrollments LIMIT 1`,
        [status],
      );
    await expect(again('PENDING')).rejects.toMatchObject({ constraint: 'enrollments_one_active' });
    await expect(again('ENROLLED')).rejects.toMatchObject({ constraint: 'enrollments_one_active' });
    expect((await again('WITHDRAWN')).rowCount).toBe(1);
    await ledger.end();
  });
});

describe('emptying a database', () => {
  const all = 'TRUNCATE entries, postings, audit_log, programs CASCADE';

  test('[SET-18] is allowed to the owner, never to the program, while it holds no live program', async () => {
    const database = await createTestDatabase();
    await writeRows(database.store);
    await expect(database.store.pool('app').query(all)).rejects.toMatchObject({
      code: INSUFFICIENT_PRIVILEGE,
    });
    await database.store.pool('owner').query(all);
    expect(await database.store.prisma.posting.count()).toBe(0);
    await database.drop();
  });

  test('[SET-18] is forbidden to everyone once there is a live one', async () => {
    const database = await createTestDatabase();
    await writeRows(database.store, 'LIVE');
    await expect(database.store.pool('owner').query(all)).rejects.toMatchObject({ code: FORBIDDEN_CHANGE });
    expect(await database.store.prisma.posting.count()).toBe(1);
    await database.drop();
  });
});
