import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '#server/base/log.ts';
import { MIGRATIONS_FOLDER, migrate } from '#server/store/migrate.ts';
import { createEmptyDatabase, type EmptyDatabase } from '#test/support/database.ts';
import { temporaryFolder } from '#test/support/folder.ts';

const log = createLog({ level: 'silent' });

const FIRST = `
  CREATE TABLE things (id integer PRIMARY KEY, note text);
  CREATE FUNCTION shout() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'a; b'; END; $$;
  INSERT INTO things VALUES (1, 'semi;colon');
`;

describe('migrations', () => {
  let database: EmptyDatabase;
  beforeEach(async () => {
    database = await createEmptyDatabase();
  });
  afterEach(() => database.drop());

  const apply = (folder: string) => migrate(database.connections, log, folder);
  const refusalOf = (folder: string) =>
    apply(folder).then(
      () => 'none',
      (error: Error) => `${error.name}: ${error.message}`,
    );
  const tables = async () => {
    const found = await database.connections
      .pool('owner')
      .query<{ name: string }>(
        `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1`,
      );
    return found.rows.map(({ name }) => name);
  };

  test('[SET-10] apply once, in order, functions and semicolons in texts included', async () => {
    const folder = migrationsOf({
      '1_first': FIRST,
      '2_second': 'ALTER TABLE things ADD COLUMN more integer;',
    });
    expect(await apply(folder)).toEqual(['1_first', '2_second']);
    expect(await apply(folder)).toEqual([]);
    const row = await database.connections.pool('owner').query('SELECT note, more, shout() FROM things');
    expect(row.rows).toEqual([{ note: 'semi;colon', more: null, shout: 'a; b' }]);
  });

  test('[SET-10] of several starts at once one applies them and the others wait', async () => {
    const folder = migrationsOf({ '1_first': FIRST });
    const applied = await Promise.all([apply(folder), apply(folder), apply(folder)]);
    expect(applied.flat()).toEqual(['1_first']);
  });

  test('[SET-11] one edited after it was applied is refused by name, and nothing changes', async () => {
    await apply(migrationsOf({ '1_first': FIRST }));
    const edited = migrationsOf({
      '1_first': `${FIRST} CREATE TABLE slipped_in ();`,
      '2_second': 'CREATE TABLE later ();',
    });
    expect(await refusalOf(edited)).toMatch(/^StoreUnavailable: .*edited.*: 1_first;/);
    expect(await tables()).toEqual(['things']);
  });

  test('[SET-12] one that fails midway leaves nothing of itself, and applies once it is mended', async () => {
    const failing = 'CREATE TABLE half (); INSERT INTO nowhere VALUES (1);';
    expect(await refusalOf(migrationsOf({ '1_first': FIRST, '2_half': failing }))).toBe(
      'StoreUnavailable: migration 2_half does not apply, and has changed nothing: relation "nowhere" does not exist',
    );
    expect(await tables()).toEqual(['things']);
    const mended = migrationsOf({ '1_first': FIRST, '2_half': 'CREATE TABLE half ();' });
    expect(await apply(mended)).toEqual(['2_half']);
    expect(await tables()).toEqual(['half', 'things']);
  });

  test('[SET-13] a database made by a newer version is refused, naming what the program does not know', async () => {
    await apply(migrationsOf({ '1_first': FIRST, '2_newer': 'CREATE TABLE newer ();' }));
    expect(await refusalOf(migrationsOf({ '1_first': FIRST }))).toMatch(
      /^StoreUnavailable: .*2_newer.*newer version/,
    );
  });

  test('[SET-10] our own apply to an empty database', async () => {
    expect((await apply(MIGRATIONS_FOLDER)).length).toBeGreaterThan(0);
    expect(await tables()).toContain('entries');
  });
});

function migrationsOf(files: Record<string, string>): string {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n');
  for (const [name, sql] of Object.entries(files)) {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, 'migration.sql'), sql);
  }
  return folder;
}
