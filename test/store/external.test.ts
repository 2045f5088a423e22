import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#server/base/clock.ts';
import { createLog } from '#server/base/log.ts';
import { durabilityOf } from '#server/store/given-database.ts';
import { openStore, type Store } from '#server/store/store.ts';
import { createEmptyDatabase, type EmptyDatabase } from '#test/support/database.ts';

const log = createLog({ level: 'silent' });

describe('a PostgreSQL of somebody’s own', () => {
  let database: EmptyDatabase;
  let name: string;
  beforeAll(async () => {
    database = await createEmptyDatabase();
    name = database.address.kind === 'embedded' ? database.address.database : '';
    const admin = await database.admin();
    await admin.query(`
      CREATE ROLE ${name}_mighty LOGIN SUPERUSER;
      CREATE ROLE ${name}_humble LOGIN;
      GRANT CONNECT ON DATABASE ${name} TO ${name}_humble;
    `);
  });
  afterAll(async () => {
    const admin = await database.admin();
    await admin.query(`DROP OWNED BY ${name}_humble; DROP ROLE ${name}_humble, ${name}_mighty;`);
    await database.drop();
  });

  const open = (user: string, to = log) => {
    const { address } = database;
    if (address.kind !== 'embedded') throw new Error('the test databases are embedded ones');
    const where = new URLSearchParams({ host: address.socketFolder, user });
    return openStore({ dataDir: 'unused', databaseUrl: `postgresql:///${name}?${where}` }, to, systemClock);
  };
  const commitOf = async (store: Store, role: 'owner' | 'app') =>
    (await store.pool(role).query<{ how: string }>(`SELECT current_setting('synchronous_commit') AS how`))
      .rows[0]?.how;

  test('[SET-38] whose user may not make the roles: the start ends with the statements to run', async () => {
    await expect(open(`${name}_humble`)).rejects.toMatchObject({
      name: 'StoreUnavailable',
      message: expect.stringContaining(`GRANT kepling_owner, kepling_app, kepling_reader TO ${name}_humble;`),
    });
  });

  test('[SET-39] is used by the same three roles, even where its user is a superuser', async () => {
    const store = await open(`${name}_mighty`);
    const who = async (role: 'owner' | 'app' | 'reader') => {
      const found = await store.pool(role).query<{ who: string }>('SELECT current_user AS who');
      return found.rows[0]?.who;
    };
    expect([await who('owner'), await who('app'), await who('reader')]).toEqual([
      'kepling_owner',
      'kepling_app',
      'kepling_reader',
    ]);
    await expect(store.pool('app').query('DELETE FROM entries')).rejects.toMatchObject({ code: '42501' });
    await store.close();
  });

  test('[SET-62] that acknowledges before its disk has it: our sessions wait for the disk, and a disk that is not waited for is told', async () => {
    const lines: string[] = [];
    // The tests' own server is one that flushes nothing.
    const store = await open(`${name}_mighty`, createLog({ stream: { write: (line) => lines.push(line) } }));
    const ledger = await store.ledgerClient();
    const { rows } = await ledger.query<{ how: string }>(
      `SELECT current_setting('synchronous_commit') AS how`,
    );
    expect([rows[0]?.how, await commitOf(store, 'app'), await commitOf(store, 'owner')]).toEqual([
      'on',
      'on',
      'on',
    ]);
    expect(lines.filter((line) => line.includes('FSYNC IS OFF'))).toHaveLength(1);
    await store.close();
  });

  test('[SET-62] that waits for more than its own disk is left at that', async () => {
    const admin = await database.admin();
    await admin.query(`ALTER DATABASE ${name} SET synchronous_commit = remote_apply`);
    const store = await open(`${name}_mighty`);
    expect(await commitOf(store, 'app')).toBe('remote_apply');
    await store.close();
    await admin.query(`ALTER DATABASE ${name} RESET synchronous_commit`);
  });

  test('[SET-62] whose settings keep what is acknowledged needs none of ours and no warning', () => {
    for (const how of ['on', 'local', 'remote_write', 'remote_apply']) {
      expect(durabilityOf({ synchronous_commit: how, fsync: 'on' })).toEqual({ settings: {}, warnings: [] });
    }
  });

  test('[SET-39] that cannot be reached: the start ends with one line, without the password', async () => {
    const url = 'postgresql://kepling:hunter2@127.0.0.1:1/kepling';
    const refused = openStore({ dataDir: 'unused', databaseUrl: url }, log, systemClock);
    await expect(refused).rejects.toMatchObject({
      name: 'StoreUnavailable',
      message: expect.not.stringContaining('hunter2'),
    });
  });
});
