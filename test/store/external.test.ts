import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#server/base/clock.ts';
import { createLog } from '#server/base/log.ts';
import { openStore } from '#server/store/store.ts';
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

  const open = (user: string) => {
    const { address } = database;
    if (address.kind !== 'embedded') throw new Error('the test databases are embedded ones');
    const where = new URLSearchParams({ host: address.socketFolder, user });
    return openStore({ dataDir: 'unused', databaseUrl: `postgresql:///${name}?${where}` }, log, systemClock);
  };

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

  test('[SET-39] that cannot be reached: the start ends with one line, without the password', async () => {
    const url = 'postgresql://kepling:hunter2@127.0.0.1:1/kepling';
    const refused = openStore({ dataDir: 'unused', databaseUrl: url }, log, systemClock);
    await expect(refused).rejects.toMatchObject({
      name: 'StoreUnavailable',
      message: expect.not.stringContaining('hunter2'),
    });
  });
});
