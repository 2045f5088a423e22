import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { createLog, type Log } from '#server/base/log.ts';
import { Connections } from '#server/store/connect.ts';
import { type EmbeddedPostgres, startEmbedded } from '#server/store/embedded.ts';
import { migrate } from '#server/store/migrate.ts';
import { ensureEmbeddedDatabase } from '#server/store/roles.ts';

declare module 'vitest' {
  interface ProvidedContext {
    databaseServer: { readonly socketFolder: string };
  }
}

export const TEMPLATE = 'kepling_template';
const FOLDER = 'kepling-test-';

/**
 * Once per run: one PostgreSQL in a folder of its own, not flushing to disk, and a migrated template database from
 * which `createTestDatabase` makes one for each test file. Returns how to end it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = createLog({ level: 'warn' });
  sweep();
  const dataDir = mkdtempSync(path.join(os.tmpdir(), `${FOLDER}${process.pid}-`));
  const server = await startEmbedded({ dataDir, log, isDurable: false });
  const end = async () => {
    await server.stopIfLast();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await makeTemplate(server, log);
  } catch (error) {
    await end();
    throw error;
  }
  project.provide('databaseServer', { socketFolder: server.socketFolder });
  return end;
}

async function makeTemplate(server: EmbeddedPostgres, log: Log): Promise<void> {
  const { socketFolder } = server;
  await ensureEmbeddedDatabase(server.admin, TEMPLATE);
  const connections = new Connections({ kind: 'embedded', socketFolder, database: TEMPLATE }, log);
  try {
    await migrate(connections, log);
  } finally {
    await connections.close();
  }
}

/** What an earlier run left behind because it was killed. */
function sweep(): void {
  for (const name of readdirSync(os.tmpdir())) {
    const maker = name.startsWith(FOLDER) ? Number(name.slice(FOLDER.length).split('-')[0]) : Number.NaN;
    const folder = path.join(os.tmpdir(), name);
    if (!Number.isSafeInteger(maker) || isRunning(maker)) continue;
    if (statSync(folder, { throwIfNoEntry: false })?.uid !== process.getuid?.()) continue;
    const pid = Number(readLockFile(folder));
    if (Number.isSafeInteger(pid) && pid > 1 && isRunning(pid)) process.kill(pid, 'SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function readLockFile(folder: string): string | undefined {
  try {
    return readFileSync(path.join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0];
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
