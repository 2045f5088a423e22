/**
 * Brings a database's tables to the state of `prisma/migrations`, forward only.
 *
 * An edited migration, a failed one, and a database newer than the program are refused with a sentence; nothing is
 * ever repaired in silence. Each file applies wholly or not at all. Of several programs that start at once, one
 * migrates and the others wait. Prisma's table `_prisma_migrations` keeps the record, so its own tools agree.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { Log } from '#server/base/log.ts';
import type { Connections } from './connect.ts';
import { withSchemaEngine } from './schema-engine.ts';
import { StoreUnavailable } from './store-unavailable.ts';

export const MIGRATIONS_FOLDER = path.resolve(import.meta.dirname, '../../prisma/migrations');

/** Any number, but the same in every version of the program. */
const MIGRATION_LOCK = 6_713_017_771_251_405n;
const WAIT_FOR_OTHERS_MS = 120_000;
const LOCK_NOT_AVAILABLE = '55P03';
const UNDEFINED_TABLE = '42P01';
const NO_FILTERS = { externalTables: [], externalEnums: [] };

interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** Returns the names of the migrations it applied, oldest first. Throws StoreUnavailable when it refuses. */
export async function migrate(connections: Connections, log: Log, folder = MIGRATIONS_FOLDER): Promise<string[]> {
  const migrations = readMigrations(folder);
  const client = await connections.client('owner', {
    settings: { lock_timeout: String(WAIT_FOR_OTHERS_MS) },
    applicationName: 'kepling migrations',
  });
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK.toString()]).catch((error: unknown) => {
      if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error;
      throw new StoreUnavailable('another program has been migrating this database for two minutes: look what it waits for');
    });
    if (isCurrent(await readRecord(client), migrations)) return [];
    return await applyAll(connections, log, folder, migrations);
  } finally {
    await client.end();
  }
}

async function applyAll(connections: Connections, log: Log, folder: string, migrations: Migration[]): Promise<string[]> {
  const list = migrationList(folder, migrations);
  return await withSchemaEngine(connections.settings('owner', { applicationName: 'kepling migrations' }), async (engine) => {
    const found = await engine.diagnoseMigrationHistory({
      migrationsList: list,
      optInToShadowDatabase: false,
      filters: NO_FILTERS,
    });
    if (found.editedMigrationNames.length > 0) {
      throw new StoreUnavailable(
        `these migrations were edited after this database had applied them: ${found.editedMigrationNames.join(', ')}; restore them and add a new one`,
      );
    }
    if (found.history && found.history.diagnostic !== 'databaseIsBehind') {
      throw new StoreUnavailable(
        `this database holds migrations the program does not know (${found.history.unpersistedMigrationNames.join(', ')}): it was made by a newer version`,
      );
    }
    // A file that failed left nothing behind, since it is one transaction: mended, it may apply again.
    for (const migrationName of found.failedMigrationNames) await engine.markMigrationRolledBack({ migrationName });
    const waiting = found.history?.unappliedMigrationNames ?? migrations.map(({ name }) => name);
    log.info({ migrations: waiting }, 'preparing the tables');
    try {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: list, filters: NO_FILTERS });
      return appliedMigrationNames;
    } catch (cause) {
      throw new StoreUnavailable(`a migration does not apply, and has changed nothing: ${reasonOf(cause)}`, cause);
    }
  });
}

interface RecordedMigration {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

async function readRecord(client: { query: (sql: string) => Promise<{ rows: unknown[] }> }): Promise<RecordedMigration[]> {
  try {
    const result = await client.query(
      `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
       FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
    );
    return result.rows as RecordedMigration[];
  } catch (error) {
    if ((error as { code?: string }).code === UNDEFINED_TABLE) return [];
    throw error;
  }
}

/** The usual start: nothing to do, and the engine (5 MB of WebAssembly) is not loaded to find that out. */
function isCurrent(record: readonly RecordedMigration[], migrations: readonly Migration[]): boolean {
  if (record.length !== migrations.length) return false;
  const applied = new Map(record.map((row) => [row.migration_name, row]));
  return migrations.every(({ name, sql }) => {
    const row = applied.get(name);
    return row?.finished === true && row.checksum === createHash('sha256').update(sql).digest('hex');
  });
}

function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => ({ name, sql: readFileSync(path.join(folder, name, 'migration.sql'), 'utf8') }));
}

/** The folder as the engine takes it. */
export function migrationList(folder = MIGRATIONS_FOLDER, migrations = readMigrations(folder)): MigrationList {
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: readFileSync(path.join(folder, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n').filter((line) => line.trim() !== '').join(' ');
}
