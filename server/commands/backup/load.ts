import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import type { Log } from '#server/base/log.ts';
import { checkSums } from '#server/live/check-sums.ts';
import type { Connections } from '#server/store/connect.ts';
import { copyIn } from '#server/store/copy.ts';
import { knownMigrations, MIGRATIONS_FOLDER, migrate } from '#server/store/migrate.ts';
import { type BackupHead, type BackupLine, BadBackup, readBackup } from './format.ts';
import type { Progress } from './take.ts';

const CHUNK_BYTES = 256 * 1024;

/**
 * Loads a backup into a database without tables: makes them as they were when it was taken, fills them in one
 * transaction, gives the ledger `epoch`, brings the tables up to date, and adds everything up. Throws BadBackup where
 * the file, the program's version or the sums do not fit; the database is then of no use.
 */
export async function loadBackup(options: {
  readonly next: Connections;
  readonly file: string;
  readonly head: BackupHead;
  readonly epoch: string;
  /** Versions that screens and servers of the database in use have seen: the restored ones go beyond them. */
  readonly versionsAbove: bigint;
  readonly log: Log;
  readonly progress: (progress: Progress) => void;
}): Promise<void> {
  const { next, head, log } = options;
  await migrateUpTo(next, head, log);
  const owner = await next.client('owner', { applicationName: 'kepling restore' });
  try {
    await owner.query('BEGIN');
    await fill(owner, options);
    await owner.query('UPDATE programs SET epoch = $1', [options.epoch]);
    await owner.query(`UPDATE versions SET version = greatest(version, $1) + 1 WHERE topic <> 'ledger'`, [
      options.versionsAbove,
    ]);
    await owner.query('COMMIT');
    await owner.query('ANALYZE');
  } finally {
    await owner.end();
  }
  await migrate(next, log);
  await check(next, head);
}

async function migrateUpTo(next: Connections, head: BackupHead, log: Log): Promise<void> {
  const known = knownMigrations();
  for (const [index, { name, checksum }] of head.migrations.entries()) {
    if (known[index]?.name === name && known[index].checksum === checksum) continue;
    throw new BadBackup(
      `it was taken by a version of the program that this one does not know (migration ${name}): restore it with that version or a newer one`,
    );
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kepling-migrations-'));
  try {
    for (const name of ['migration_lock.toml', ...head.migrations.map((migration) => migration.name)])
      cpSync(path.join(MIGRATIONS_FOLDER, name), path.join(folder, name), { recursive: true });
    await migrate(next, log, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(
  owner: pg.ClientBase,
  options: { readonly file: string; readonly progress: (progress: Progress) => void },
): Promise<void> {
  const lines = readBackup(options.file);
  const first = await lines.next();
  if (first.done || !('head' in first.value)) throw new BadBackup('it has no head');
  const { tables, sequences } = first.value.head;
  // A table under row security takes no COPY, even from its owner, unless the owner is let past it.
  const guarded = await owner.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity`,
  );
  for (const { name } of guarded.rows) await owner.query(`ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`);
  const reader = new TableReader(lines);
  for (const { name, columns, rows: expected } of tables) {
    const rows = await copyIn(
      owner,
      `COPY ${name} (${columns.join(', ')}) FROM STDIN`,
      reader.chunksOf(name, (done) => options.progress({ table: name, rows: done, of: expected })),
    );
    if (rows !== expected) throw new BadBackup(`its table ${name} gave ${rows} of ${expected} rows`);
  }
  await reader.finish();
  for (const [name, value] of Object.entries(sequences))
    await owner.query('SELECT setval($1::regclass, $2)', [name, value]);
  for (const { name } of guarded.rows) await owner.query(`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`);
}

/** Cuts the lines of a backup into tables, each asked for in the file's order. */
class TableReader {
  readonly #lines: AsyncIterator<BackupLine>;
  #held: BackupLine | undefined;

  constructor(lines: AsyncIterator<BackupLine>) {
    this.#lines = lines;
  }

  async *chunksOf(table: string, onRows: (done: number) => void): AsyncGenerator<Buffer> {
    let rows: Buffer[] = [];
    let size = 0;
    let done = 0;
    for (let line = await this.#next(); line; line = await this.#next()) {
      if (!('row' in line) || line.table !== table) {
        this.#held = line;
        break;
      }
      rows.push(line.row, LINE_FEED);
      size += line.row.length + 1;
      done += 1;
      if (size < CHUNK_BYTES) continue;
      yield Buffer.concat(rows);
      onRows(done);
      rows = [];
      size = 0;
    }
    if (rows.length > 0) yield Buffer.concat(rows);
    onRows(done);
  }

  /** To the digest at the end, which is checked there. */
  async finish(): Promise<void> {
    if (await this.#next()) throw new BadBackup('it holds rows of a table that its head does not name');
  }

  async #next(): Promise<BackupLine | undefined> {
    const held = this.#held;
    this.#held = undefined;
    if (held) return held;
    const { value, done } = await this.#lines.next();
    return done ? undefined : value;
  }
}

const LINE_FEED = Buffer.from('\n');

async function check(next: Connections, head: BackupHead): Promise<void> {
  const reader = next.pool('reader');
  const { rows } = await reader.query<{ id: number; revision: number }>(
    'SELECT p.id, h.revision FROM programs p JOIN ledger_heads h ON h.program_id = p.id WHERE p.code = $1',
    [head.program.code],
  );
  const program = rows[0];
  if (program?.revision !== head.program.revision)
    throw new BadBackup(`its ledger ends at ${program?.revision} and should end at ${head.program.revision}`);
  const differences = await checkSums(reader, program.id, null);
  if (differences.length > 0)
    throw new BadBackup(`its sums do not agree with its rows in ${differences.length} places`);
}
