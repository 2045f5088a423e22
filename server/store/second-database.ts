/**
 * A database beside the one in use, made ready out of everyone's sight and then put in its place.
 *
 * What is restored is loaded and checked here first: until `adopt` nothing of what is in use has changed. `adopt`
 * renames both in one transaction, so that there is always a whole database of the usual name; who was connected to
 * the old one is cut off and finds the new one when it comes back. The old one is kept under another name until the
 * next restore.
 *
 * On a PostgreSQL of somebody's own nothing is renamed: there the database given must be empty, and is the one loaded.
 */
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '#server/base/log.ts';
import { Connections } from './connect.ts';
import { startEmbedded } from './embedded.ts';
import { prepareGiven } from './given-database.ts';
import { ensureEmbeddedDatabase } from './roles.ts';
import { EMBEDDED_DATABASE, type StoreConfig, unreachable } from './store.ts';

export interface SecondDatabase {
  /** To the database that is being made ready. */
  readonly next: Connections;
  /** To the one in use; null where there is none, or it holds no tables yet. */
  readonly current: Connections | null;
  /** Puts the new one in the place of the one in use. */
  adopt(): Promise<void>;
  /** Ends every connection; what was not adopted is removed. */
  close(): Promise<void>;
}

const RESTORING = `${EMBEDDED_DATABASE}_restoring`;
/** Where the one that was in use is kept. */
export const REPLACED = `${EMBEDDED_DATABASE}_replaced`;
const SWAP_ATTEMPTS = 10;
const SWAP_PAUSE_MS = 200;
const IN_USE = '55006';

export async function openSecondDatabase(config: StoreConfig, log: Log): Promise<SecondDatabase> {
  if (config.databaseUrl !== undefined) return await openGiven(config.databaseUrl, log);
  const server = await startEmbedded({ dataDir: path.resolve(config.dataDir), log });
  const admin = new pg.Client({ ...server.admin, database: 'postgres' });
  admin.on('error', () => {});
  await admin.connect();
  const open = (database: string) =>
    new Connections({ kind: 'embedded', socketFolder: server.socketFolder, database }, log);
  await drop(admin, RESTORING);
  await ensureEmbeddedDatabase(server.admin, RESTORING);
  const next = open(RESTORING);
  const current = (await exists(admin, EMBEDDED_DATABASE)) ? open(EMBEDDED_DATABASE) : null;
  const hasTables = current !== null && (await holdsTables(current));
  return {
    next,
    current: hasTables ? current : null,
    async adopt() {
      await next.close();
      await current?.close();
      await swap(admin, server.admin, current !== null);
    },
    async close() {
      const ended = new Set([...(await next.close()), ...((await current?.close()) ?? [])]);
      await drop(admin, RESTORING);
      await admin.end();
      await server.stopIfLast(ended);
    },
  };
}

async function openGiven(url: string, log: Log): Promise<SecondDatabase> {
  const address = await prepareGiven(url, log).catch(unreachable('DATABASE_URL cannot be used'));
  const next = new Connections(address, log);
  const isUsed = await holdsTables(next);
  return {
    next,
    current: isUsed ? next : null,
    adopt: async () => {},
    close: async () => void (await next.close()),
  };
}

async function swap(admin: pg.Client, settings: pg.ClientConfig, hasCurrent: boolean): Promise<void> {
  await drop(admin, REPLACED);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const renamed = (async () => {
        await admin.query('BEGIN');
        // Waits a few seconds for whoever is connected, and lets nobody in meanwhile.
        if (hasCurrent) await admin.query(`ALTER DATABASE ${EMBEDDED_DATABASE} RENAME TO ${REPLACED}`);
        await admin.query(`ALTER DATABASE ${RESTORING} RENAME TO ${EMBEDDED_DATABASE}`);
        await admin.query('COMMIT');
      })();
      renamed.catch(() => {});
      if (hasCurrent) await cutOff(settings, EMBEDDED_DATABASE);
      return await renamed;
    } catch (error) {
      await admin.query('ROLLBACK').catch(() => {});
      if ((error as { code?: string }).code !== IN_USE || attempt === SWAP_ATTEMPTS) throw error;
      await wait(SWAP_PAUSE_MS);
    }
  }
}

async function cutOff(settings: pg.ClientConfig, database: string): Promise<void> {
  const client = new pg.Client({ ...settings, database: 'postgres' });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
      database,
    ]);
  } finally {
    await client.end();
  }
}

async function exists(admin: pg.Client, database: string): Promise<boolean> {
  const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  return found.rowCount !== 0;
}

async function drop(admin: pg.Client, database: string): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
}

async function holdsTables(connections: Connections): Promise<boolean> {
  const found = await connections
    .pool('owner')
    .query<{ found: boolean }>(`SELECT to_regclass('public.programs') IS NOT NULL AS found`);
  return found.rows[0]?.found === true;
}
