import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { SUPERUSER } from '#server/store/data-folder.ts';
import { findPostmaster, PORT } from '#server/store/postmaster.ts';

const LITTLE_BYTES = 24 * 1024 * 1024;

/** A folder for DATA_DIR whose disk can be filled to the last byte, and emptied again. */
export interface SmallDisk {
  readonly folder: string;
  /** Whether it is a disk of its own, or PostgreSQL is made to answer as on a full one. */
  readonly isReal: boolean;
  fill(): Promise<void>;
  /** Room for a few commits, and for less than a server wants before it goes on. */
  easeALittle(): Promise<void>;
  empty(): Promise<void>;
  remove(): void;
}

/**
 * Where the machine lets this user mount, a file system in memory of so many bytes. Elsewhere an ordinary folder, and
 * `fill` has the database refuse each new row and table with the code of a full disk.
 */
export function openSmallDisk(bytes: number): SmallDisk {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kepling-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
  } catch {
    return refusingDatabase(folder);
  }
  const filler = path.join(folder, 'filler');
  return {
    folder,
    isReal: true,
    async fill() {
      const file = openSync(filler, 'a');
      try {
        for (let size = 1 << 20; size >= 1; size >>= 1) writeUntilFull(file, size);
      } finally {
        closeSync(file);
      }
    },
    async easeALittle() {
      truncateSync(filler, statSync(filler).size - LITTLE_BYTES);
    },
    async empty() {
      rmSync(filler, { force: true });
    },
    remove() {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

function writeUntilFull(file: number, size: number): void {
  const block = Buffer.alloc(size);
  try {
    while (writeSync(file, block) === size);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

function refusingDatabase(folder: string): SmallDisk {
  const admin = async (statement: string) => {
    const running = findPostmaster(path.join(folder, 'postgres'));
    const client = new pg.Client({
      host: running?.socketFolder ?? '',
      port: PORT,
      user: SUPERUSER,
      database: 'kepling',
    });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  return {
    folder,
    isReal: false,
    fill: () =>
      admin(`
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
        CREATE FUNCTION full_disk_ddl() RETURNS event_trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION full_disk();
        CREATE EVENT TRIGGER full_disk ON ddl_command_start WHEN TAG IN ('CREATE TABLE AS') EXECUTE FUNCTION full_disk_ddl();`),
    easeALittle: () => admin('DROP TRIGGER full_disk ON entries'),
    empty: () =>
      admin(
        'DROP EVENT TRIGGER full_disk; DROP TRIGGER IF EXISTS full_disk ON entries; DROP FUNCTION full_disk, full_disk_ddl',
      ),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
