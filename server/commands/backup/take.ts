import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { readProgram } from '#server/ledger/program.ts';
import { copyOut } from '#server/store/copy.ts';
import type { KeyFingerprints } from '#server/store/key-fingerprints.ts';
import { type BackupHead, DIGEST_LINE, FORMAT, TABLE_END, TABLE_LINE, VERSION } from './format.ts';

const COMPRESSION = 4;
/** Nobody stays signed in over a restore, and what would let somebody in is in no file. */
const LEFT_OUT = ['_prisma_migrations', 'sessions', 'verifications'];

export interface Progress {
  readonly table: string;
  readonly rows: number;
  readonly of: number;
}

/**
 * Writes one unchanging picture of the database to `file`, which must not exist, and flushes it to the disk. As the
 * owner of the tables, whom row security shows every row; the counts are held against what came. The ledger goes on
 * meanwhile. Returns the head that was written.
 */
export async function takeBackup(options: {
  readonly owner: pg.ClientBase;
  readonly programCode: string;
  readonly keys: KeyFingerprints;
  readonly file: string;
  readonly now: number;
  /** In how many places sums and rows disagree in the picture that is taken. */
  readonly countDifferences: (owner: pg.ClientBase) => Promise<number>;
  readonly progress: (progress: Progress) => void;
}): Promise<BackupHead> {
  const { owner } = options;
  await owner.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const head = { ...(await readHead(options)), differences: await options.countDifferences(owner) };
    await writeTables(owner, head, options.file, options.progress);
    return head;
  } finally {
    await owner.query('ROLLBACK');
  }
}

async function writeTables(
  owner: pg.ClientBase,
  head: BackupHead,
  file: string,
  progress: (progress: Progress) => void,
): Promise<void> {
  const digest = createHash('sha256');
  const gzip = createGzip({ level: COMPRESSION });
  const written = pipeline(gzip, createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true }));
  // Where the disk is full it is seen here first; whoever waits for room to write is then told by it.
  written.catch(() => {});
  const write = async (bytes: Buffer | string) => {
    digest.update(bytes);
    if (!gzip.write(bytes)) await Promise.race([once(gzip, 'drain'), written]);
  };
  await write(`${JSON.stringify(head)}\n`);
  for (const { name, columns, rows: expected } of head.tables) {
    await write(`${TABLE_LINE}${name}\n`);
    let rows = 0;
    const copied = await copyOut(
      owner,
      `COPY (SELECT ${columns.join(', ')} FROM ${name}) TO STDOUT`,
      async (batch, count) => {
        await write(batch);
        rows += count;
        progress({ table: name, rows, of: expected });
      },
    );
    if (copied !== expected || rows !== expected)
      throw new Error(`Table ${name} gave ${copied} of ${expected} rows.`);
    await write(`${TABLE_END}\n`);
  }
  gzip.end(`${DIGEST_LINE}${digest.digest('hex')}\n`);
  await written;
}

async function readHead(options: {
  readonly owner: pg.ClientBase;
  readonly programCode: string;
  readonly keys: KeyFingerprints;
  readonly now: number;
}): Promise<BackupHead> {
  const { owner } = options;
  const program = await readProgram(owner, options.programCode);
  if (!program) throw new Error(`There is no program ${options.programCode} in this database.`);
  const head = await owner.query<{ revision: number }>(
    'SELECT revision FROM ledger_heads WHERE program_id = $1',
    [program.id],
  );
  const migrations = await owner.query<{ name: string; checksum: string }>(
    `SELECT migration_name AS name, checksum FROM _prisma_migrations
      WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  );
  const sequences = await owner.query<{ name: string; value: string }>(
    `SELECT sequencename AS name, last_value::text AS value FROM pg_sequences
      WHERE schemaname = 'public' AND last_value IS NOT NULL`,
  );
  const tables: BackupHead['tables'] = [];
  for (const { name, columns } of await tablesInOrder(owner)) {
    const counted = await owner.query<{ rows: number }>(`SELECT count(*)::int AS rows FROM ${name}`);
    tables.push({ name, columns, rows: counted.rows[0]?.rows ?? 0 });
  }
  return {
    format: FORMAT,
    version: VERSION,
    at: new Date(options.now).toISOString(),
    program: {
      code: program.code,
      mode: program.mode,
      epoch: program.epoch,
      revision: head.rows[0]?.revision ?? 0,
      people: tables.find(({ name }) => name === 'participants')?.rows ?? 0,
    },
    migrations: migrations.rows,
    keys: options.keys,
    tables,
    sequences: Object.fromEntries(sequences.rows.map(({ name, value }) => [name, value])),
  };
}

/** Each after those that it refers to. */
async function tablesInOrder(owner: pg.ClientBase): Promise<{ name: string; columns: string[] }[]> {
  const { rows: tables } = await owner.query<{ name: string; columns: string[]; needs: string[] }>(
    `SELECT c.relname AS name,
            ARRAY(SELECT attname::text FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
                   ORDER BY attnum) AS columns,
            ARRAY(SELECT DISTINCT r.relname::text FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid
                   WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS needs
       FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> ALL ($1)
      ORDER BY c.relname`,
    [LEFT_OUT],
  );
  const ordered: typeof tables = [];
  const isPlaced = (name: string) => ordered.some((table) => table.name === name);
  while (ordered.length < tables.length) {
    const next = tables.find(({ name, needs }) => !isPlaced(name) && needs.every(isPlaced));
    if (!next) throw new Error('Tables refer to each other in a circle: a backup of them needs another way.');
    ordered.push(next);
  }
  return ordered.map(({ name, columns }) => ({ name, columns }));
}
