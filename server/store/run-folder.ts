import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SOCKET } from './postmaster.ts';

/** A socket's path may have 107 bytes on Linux, 103 elsewhere; PostgreSQL's own is the longest we make. */
const SOCKET_PATH_BYTES = process.platform === 'linux' ? 107 : 103;
const NOTE = 'run-folder.txt';

/**
 * The folder for sockets, mode 0700: who may enter it may connect, nobody else may. It is `DATA_DIR/run`, or, when
 * DATA_DIR is too deep for a socket's path, a folder under the temp directory, noted beside the data so that the
 * next start finds it again.
 */
export function runFolder(dataDir: string): string {
  const beside = path.join(dataDir, 'run');
  if (fits(beside)) return ownFolder(beside);
  const noted = readNote(dataDir);
  if (noted !== undefined && fits(noted) && isOursAlone(noted)) return noted;
  const made = mkdtempSync(path.join(shortTempDirectory(), 'kepling-'));
  chmodSync(made, 0o700);
  writeFileSync(path.join(dataDir, NOTE), `${made}\n`);
  return made;
}

/** Hands the folder to the user the database server runs as, when that is not us. */
export function giveFolder(folder: string, uid: number, gid: number): void {
  chownSync(folder, uid, gid);
}

function ownFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function fits(folder: string): boolean {
  return Buffer.byteLength(path.join(folder, SOCKET)) <= SOCKET_PATH_BYTES;
}

function shortTempDirectory(): string {
  const usual = os.tmpdir();
  return fits(path.join(usual, 'kepling-XXXXXX')) ? usual : '/tmp';
}

function readNote(dataDir: string): string | undefined {
  try {
    return readFileSync(path.join(dataDir, NOTE), 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** The temp directory is everyone's: a folder there counts only if nobody else could have put it or can enter it. */
function isOursAlone(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (!stat?.isDirectory() || (stat.mode & 0o077) !== 0) return false;
  const uid = process.getuid?.();
  return uid === undefined || uid === 0 || stat.uid === uid;
}
