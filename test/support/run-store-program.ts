import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, onTestFinished } from 'vitest';
import { findPostmaster } from '#server/store/postmaster.ts';
import { temporaryFolder } from './folder.ts';
import { until } from './wait.ts';

export interface StoreProgram {
  readonly process: ChildProcess;
  /** What it said first: `{ ready, pid, topics }` or `{ refused }`. */
  readonly first: {
    readonly ready?: true;
    readonly pid?: number;
    readonly topics?: string[];
    readonly refused?: string;
  };
  /** Commits a row in it and waits for its word. */
  commit(topic: string): Promise<void>;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

export interface RunOptions {
  readonly identity?: { readonly uid: number; readonly gid: number };
  /** Where programs of the machine are looked for. */
  readonly searchPath?: string;
  /** True: opens the database without claiming the folder, as a command beside a server does. */
  readonly isBesideServer?: boolean;
}

const program = path.resolve(import.meta.dirname, 'store-program.ts');

/** Starts the small program of `store-program.ts` and waits for its first word. Whatever is left of it ends with the test. */
export async function runStoreProgram(dataDir: string, options: RunOptions = {}): Promise<StoreProgram> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx/esm', program, dataDir, ...(options.isBesideServer ? ['beside'] : [])],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: options.searchPath ?? process.env.PATH, HOME: dataDir },
      ...options.identity,
    },
  );
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await endPostgres(dataDir);
  });
  const said: Record<string, unknown>[] = [];
  createInterface({ input: child.stdout }).on('line', (line) =>
    said.push(JSON.parse(line) as Record<string, unknown>),
  );
  const first = await until('the first word of the program', () => said[0], 25_000);
  return {
    process: child,
    first,
    async commit(topic) {
      child.stdin.write(`${topic}\n`);
      await until(`the commit of ${topic}`, () => said.some(({ committed }) => committed === topic));
    },
    async end(signal) {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

let prepared: Promise<string> | undefined;
afterAll(async () => {
  if (prepared !== undefined) rmSync(await prepared, { recursive: true, force: true });
});

/** A DATA_DIR as an earlier start left it, tables and all: a copy of one made once per test file, to spare its making. */
export async function usedDataDir(): Promise<string> {
  prepared ??= prepare();
  const dataDir = temporaryFolder();
  cpSync(await prepared, dataDir, { recursive: true });
  return dataDir;
}

async function prepare(): Promise<string> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kepling-used-'));
  const first = await runStoreProgram(folder);
  await first.end('SIGTERM');
  return folder;
}

/** Ends the database server that a killed program left, by its process id. */
export async function endPostgres(dataDir: string): Promise<void> {
  const folder = path.join(dataDir, 'postgres');
  const running = findPostmaster(folder);
  if (!running) return;
  process.kill(running.pid, 'SIGINT');
  await until('the end of the database server', () => !findPostmaster(folder));
}
