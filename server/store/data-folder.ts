import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { isAlive } from './is-alive.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { BARE_ENVIRONMENT, type ServerUser } from './server-user.ts';
import { StoreUnavailable } from './store-unavailable.ts';

export const SUPERUSER = 'postgres';

const run = promisify(execFile);

/**
 * Makes PostgreSQL's data folder, in about 0.7 s: UTF-8, sorted by code point on every machine, with checksums. It is
 * made beside and then renamed, so that a start which is killed midway leaves nothing half made in its place.
 */
export async function makeDataFolder(
  binaries: PostgresBinaries,
  dataFolder: string,
  user: ServerUser,
  isDurable: boolean,
): Promise<void> {
  removeLeftovers(dataFolder);
  const making = `${dataFolder}.making-${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { mode: 0o700 });
  if (user.identity) chownSync(making, user.identity.uid, user.identity.gid);
  const [program = binaries.initdb, ...args] = [
    ...user.prefix,
    binaries.initdb,
    `--pgdata=${making}`,
    `--username=${SUPERUSER}`,
    '--auth=trust',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
    '--no-instructions',
    ...(isDurable ? [] : ['--no-sync']),
  ];
  try {
    await run(program, args, { env: BARE_ENVIRONMENT, cwd: '/', ...user.identity });
    renameSync(making, dataFolder);
  } catch (cause) {
    rmSync(making, { recursive: true, force: true });
    // Another start may have been faster: its folder is as good as ours.
    if (existsSync(path.join(dataFolder, 'PG_VERSION'))) return;
    const said = lastLine((cause as { stderr?: string }).stderr ?? '') ?? (cause as Error).message;
    throw new StoreUnavailable(`cannot make a database in ${dataFolder}: ${said}`, cause);
  }
}

/** Whether a database was ever made below this DATA_DIR. */
export function hasDatabase(dataDir: string): boolean {
  return existsSync(path.join(dataDir, 'postgres', 'PG_VERSION'));
}

/** Throws unless these programs can work on the folder. */
export function checkVersion(binaries: PostgresBinaries, dataFolder: string): void {
  const version = readFileSync(path.join(dataFolder, 'PG_VERSION'), 'utf8').trim();
  if (version === binaries.major) return;
  throw new StoreUnavailable(
    `${dataFolder} was made by PostgreSQL ${version} and here is ${binaries.major}: restore a backup into a new DATA_DIR`,
  );
}

function removeLeftovers(dataFolder: string): void {
  const folder = path.dirname(dataFolder);
  for (const name of readdirSync(folder)) {
    const maker = /^postgres\.making-(\d+)$/.exec(name)?.[1];
    if (maker !== undefined && !isAlive(Number(maker)))
      rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

/** The last line that says why, not those about shutting down after it. */
export function lastLine(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? lines.at(-1))?.trim();
}
