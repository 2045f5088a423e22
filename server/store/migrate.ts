/**
 * Brings a database's tables to the state of `prisma/migrations`, forward only.
 *
 * An edited migration and a database newer than the program are refused with a sentence. Each file applies wholly or
 * not at all, so one that failed is tried again at the next start, and said so; nothing is repaired in silence. Of several programs that start at once, one
 * migrates and the others wait. Prisma's table `_prisma_migrations` keeps the record, so its own tools agree.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import type pg from 'pg';
import type { Log } from '#server/base/log.ts';
import type { Connections } from './connect.ts';
import { withSchemaEngine } from './schema-engine.ts';
import { StoreUnavailable } from './store-unavailable.ts';

export const MIGRATIONS_FOLDER = path.resolve(import.meta.dirname, '../../prisma/migrations');

/** Any number, but the same in every version of the program. */
const MIGRATION_LOCK = 6_713_017_771_251_405n;
const WAIT_FOR_OTHERS_MS = 120_000;
const LOCK_NOT_AVAILABLE = '55P03';
const NO_FILTERS = { externalTables: [], externalEnums: [] };

interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** Returns the names of the migrations it applied, oldest first. Throws StoreUnavailable when it refuses. */
export async function migrate(
  connections: Connections,
  log: Log,
  folder = MIGRATIONS_FOLDER,
): Promise<string[]> {
  const migrations = readMigrations(folder);
  const client = await connections.client('owner', {
    settings: { lock_timeout: String(WAIT_FOR_OTHERS_MS) },
    applicationName: 'kepling migrations',
  });
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]).catch((error: unknown) => {
      if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error;
      throw new StoreUnavailable(
        'another program has been migrating this database for two minutes: look what it waits for',
      );
    });
    if (isCurrent(await readRecord(client), migrations)) return [];
    return await applyAll(connections, log, folder, migrations);
  } finally {
    await client.end();
  }
}

async function applyAll(
  connections: Connections,
  log: Log,
  folder: string,
  migrations: Migration[],
): Promise<string[]> {
  const migrationsList = migrationList(folder, migrations);
  const settings = connections.settings('owner', { applicationName: 'kepling migrations' });
  try {
    return await withSchemaEngine(settings, async (engine) => {
      await prepare(engine, migrationsList, log);
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTERS });
      return appliedMigrationNames;
    });
  } catch (cause) {
    if (cause instanceof StoreUnavailable) throw cause;
    const { message } = cause as Error;
    throw new StoreUnavailable(
      `${failedNameIn(cause)} does not apply, and has changed nothing: ${message}`,
      cause,
    );
  }
}

/** Refuses what must not go on, and clears the way for what failed before. */
async function prepare(engine: SchemaEngine, migrationsList: MigrationList, log: Log): Promise<void> {
  const found = await engine.diagnoseMigrationHistory({
    migrationsList,
    optInToShadowDatabase: false,
    filters: NO_FILTERS,
  });
  const edited = found.editedMigrationNames.filter((name) => !found.failedMigrationNames.includes(name));
  if (edited.length > 0) {
    throw new StoreUnavailable(
      `these migrations were edited after this database had applied them: ${edited.join(', ')}; restore them and add a new one`,
    );
  }
  if (found.history && found.history.diagnostic !== 'databaseIsBehind') {
    throw new StoreUnavailable(
      `this database holds migrations the program does not know (${found.history.unpersistedMigrationNames.join(', ')}): it was made by a newer version`,
    );
  }
  for (const migrationName of found.failedMigrationNames) {
    // It was one transaction and left nothing behind: mended, it may apply; as it was, it fails as it did.
    log.warn({ migration: migrationName }, 'this migration failed at an earlier start; trying it again');
    await engine.markMigrationRolledBack({ migrationName });
  }
  log.info(
    { migrations: found.history?.unappliedMigrationNames ?? found.failedMigrationNames },
    'preparing the tables',
  );
}

interface RecordedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly isFinished: boolean;
}

async function readRecord(client: pg.ClientBase): Promise<RecordedMigration[]> {
  const table = await client.query<{ isThere: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS "isThere"`,
  );
  if (!table.rows[0]?.isThere) return [];
  const result = await client.query<RecordedMigration>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS "isFinished"
     FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  return result.rows;
}

/** The usual start: nothing to do, and the engine (5 MB of WebAssembly) is not loaded to find that out. */
function isCurrent(record: readonly RecordedMigration[], migrations: readonly Migration[]): boolean {
  if (record.length !== migrations.length) return false;
  const applied = new Map(record.map((row) => [row.name, row]));
  return migrations.every(({ name, sql }) => {
    const row = applied.get(name);
    return row?.isFinished === true && row.checksum === checksumOf(sql);
  });
}

/** The migrations of the folder, oldest first, with the checksum under which a database records each. */
export function knownMigrations(folder = MIGRATIONS_FOLDER): { name: string; checksum: string }[] {
  return readMigrations(folder).map(({ name, sql }) => ({ name, checksum: checksumOf(sql) }));
}

function checksumOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}

function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => ({ name, sql: readFileSync(path.join(folder, name, 'migration.sql'), 'utf8') }));
}

/** The folder as the engine takes it. */
export function migrationList(
  folder = MIGRATIONS_FOLDER,
  migrations = readMigrations(folder),
): MigrationList {
  return {
    baseDir: folder,
    lockfile: {
      path: 'migration_lock.toml',
      content: readFileSync(path.join(folder, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}

function failedNameIn(failure: unknown): string {
  const engineText = String((failure as Error).cause ?? failure);
  return `migration ${/migration_name="([^"]+)"/.exec(engineText)?.[1] ?? ''}`.trim();
}
