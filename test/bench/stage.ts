/**
 * Where a measurement takes place: a folder with the loaded demonstration, PostgreSQL and a writer on the second core,
 * and as many servers on the first as a part wants. `close` ends and removes everything.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findPostmaster } from '#server/store/postmaster.ts';
import { progress } from './say.ts';
import { type ProductOptions, type Server, startProductServer } from './servers.ts';
import { startWriter, type Writer } from './writer.ts';

export interface Stage {
  readonly dataDir: string;
  readonly writer: Writer;
  /** The product as its users start it, on the folder; one at a time. */
  startProduct(options?: ProductOptions): Promise<Server>;
  /** A further instance on the same database, with a folder of its own. */
  startInstance(options?: ProductOptions): Promise<Server>;
  /** Ends with the stage too. */
  adopt(server: Server): Server;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'kepling-bench-'));
  const folders = [dataDir];
  const servers: Server[] = [];
  const adopt = (server: Server) => {
    servers.push(server);
    return server;
  };
  await loadInto(dataDir);
  // First, so that PostgreSQL is its child and stays off the servers' core.
  const writer = await startWriter(dataDir);
  return {
    dataDir,
    writer,
    adopt,
    startProduct: async (options) => adopt(await startProductServer(dataDir, options)),
    async startInstance(options = {}) {
      const folder = mkdtempSync(path.join(os.tmpdir(), 'kepling-bench-'));
      folders.push(folder);
      // An instance that does not know the accounts' keys makes new ones, and the others' keys end.
      copyFileSync(path.join(dataDir, 'demo-accounts.json'), path.join(folder, 'demo-accounts.json'));
      const address = {
        databaseUrl: databaseUrlOf(dataDir),
        secretsFile: path.join(dataDir, 'secrets.json'),
      };
      return adopt(await startProductServer(folder, { ...address, ...options }));
    },
    async close() {
      await Promise.all(servers.map((server) => server.stop()));
      await writer.stop();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Loaded by one process, measured on another: an ordinary day's server has loaded nothing. BENCH_LOADED names a folder
 * that keeps the loaded demonstration between runs of the same code.
 */
async function loadInto(dataDir: string): Promise<void> {
  const kept = process.env.BENCH_LOADED;
  if (!kept || !existsSync(path.join(kept, 'demo-accounts.json'))) {
    progress('loading the demonstration');
    if (kept) mkdirSync(kept, { recursive: true });
    const loader = await startProductServer(kept || dataDir);
    await loader.stop();
  }
  if (!kept) return;
  // Sockets and notes of the process that made it stay behind.
  const filter = (file: string) =>
    !file.endsWith('server.json') && !path.relative(kept, file).startsWith('run');
  cpSync(kept, dataDir, { recursive: true, preserveTimestamps: true, filter });
}

function databaseUrlOf(dataDir: string): string {
  const running = findPostmaster(path.join(dataDir, 'postgres'));
  if (!running) throw new Error('PostgreSQL does not run on the stage.');
  return `postgresql://postgres@localhost/kepling?host=${encodeURIComponent(running.socketFolder)}`;
}
