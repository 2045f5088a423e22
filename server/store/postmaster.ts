import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isAlive } from './is-alive.ts';

/** Fixed: the socket's folder is ours alone. */
export const PORT = 5432;
export const SOCKET = `.s.PGSQL.${PORT}`;

const LOCK_FILE = 'postmaster.pid';

/** A database server that runs on a data folder, as its own lock file tells. */
export interface Postmaster {
  readonly pid: number;
  readonly socketFolder: string;
}

/**
 * The server that runs on `dataFolder`, or undefined. The lock file alone proves nothing: after a power cut its
 * process id may belong to any program, so the process itself is asked what it works on.
 */
export function findPostmaster(dataFolder: string): Postmaster | undefined {
  const noted = readLockFile(path.join(dataFolder, LOCK_FILE));
  return noted && worksOn(noted.pid, dataFolder) ? noted : undefined;
}

/**
 * Takes away the lock files of a server that has gone if their process id is a stranger's by now, or one whose end
 * nobody noted: PostgreSQL would take either for a server. In every other case they stay: PostgreSQL reads from them whether anything of
 * the old server is still at work.
 */
export function removeStrangersLocks(dataFolder: string, socketFolder: string): void {
  for (const file of [path.join(dataFolder, LOCK_FILE), path.join(socketFolder, `${SOCKET}.lock`)]) {
    const noted = readLockFile(file);
    if (noted && exists(noted.pid) && !worksOn(noted.pid, dataFolder)) rmSync(file);
  }
}

function readLockFile(file: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  return Number.isSafeInteger(pid) && pid > 1 ? { pid, socketFolder: (lines[4] ?? '').trim() } : undefined;
}

/** As PostgreSQL asks: an ended process that nobody has noted still has its id. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function worksOn(pid: number, dataFolder: string): boolean {
  if (!isAlive(pid)) return false;
  try {
    // A database server's working directory is its data folder.
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataFolder);
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(
      'postgres',
    );
  } catch {
    return false;
  }
}
