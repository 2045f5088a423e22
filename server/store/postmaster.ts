import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';

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
  let lines: string[];
  try {
    lines = readFileSync(path.join(dataFolder, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 1 || !worksOn(pid, dataFolder)) return undefined;
  return { pid, socketFolder: (lines[4] ?? '').trim() };
}

export function isAlive(pid: number): boolean {
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
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes('postgres');
  } catch {
    return false;
  }
}
