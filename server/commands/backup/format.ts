/**
 * The file of a backup: gzip over lines.
 *
 * The first line is the head, JSON: what it is a picture of, and how many rows of which columns follow. Then, for each
 * table in an order in which each row finds those it refers to, a line `TABLE name`, its rows as PostgreSQL's COPY
 * writes them, and a line `\.`. The last line is `SHA256 ` and the digest of all bytes before it, uncompressed.
 *
 * Nothing of the keys is in it but their fingerprints; people are in it as the database keeps them, sealed.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';

export const FORMAT = 'kepling-backup';
export const VERSION = 1;
export const TABLE_LINE = 'TABLE ';
export const TABLE_END = '\\.';
const END_BYTES = Buffer.from(TABLE_END);
const LINE_FEED = 10;
export const DIGEST_LINE = 'SHA256 ';

const name = z.string().regex(/^[a-z_][a-z0-9_]*$/);
const headSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  at: z.iso.datetime(),
  program: z.object({
    code: z.string(),
    mode: z.string(),
    epoch: z.uuid(),
    revision: z.int(),
    people: z.int(),
  }),
  /** In how many places sums and rows disagreed as it was taken: above 0 it cannot be restored. Older files say nothing. */
  differences: z.int().optional(),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  keys: z.object({ nikHash: z.string(), seals: z.record(z.string(), z.string()) }),
  tables: z.array(z.object({ name, columns: z.array(name), rows: z.int() })),
  sequences: z.record(name, z.string().regex(/^\d+$/)),
});
export type BackupHead = z.infer<typeof headSchema>;

/** The file cannot be used; the message says why, for whoever gave it. */
export class BadBackup extends Error {
  override readonly name = 'BadBackup';
}

/** Where in a backup a line stands: its head, a table's rows, or nothing of either. */
export type BackupLine = { readonly table: string; readonly row: Buffer } | { readonly head: BackupHead };

/**
 * Reads a backup from its first line to its digest, which is checked, as are the counts of rows. Throws BadBackup at
 * the end at the latest: nothing that was read counts before that.
 */
export async function* readBackup(file: string): AsyncGenerator<BackupLine> {
  const digest = createHash('sha256');
  const rows = new Map<string, number>();
  let head: BackupHead | undefined;
  let table: string | undefined;
  let isWhole = false;
  for await (const bytes of linesOf(file)) {
    // A row is handed on as it is; only the few lines between tables are read as text.
    const isRow = table !== undefined && !(bytes.length === TABLE_END.length && bytes.equals(END_BYTES));
    if (table !== undefined && isRow) {
      digest.update(bytes).update('\n');
      rows.set(table, (rows.get(table) ?? 0) + 1);
      yield { table, row: bytes };
      continue;
    }
    const line = bytes.toString('utf8');
    if (isWhole) throw new BadBackup('something follows after its end');
    if (table === undefined && line.startsWith(DIGEST_LINE)) {
      if (line.slice(DIGEST_LINE.length) !== digest.digest('hex'))
        throw new BadBackup('its checksum does not match: it was changed or damaged');
      isWhole = true;
      continue;
    }
    digest.update(line).update('\n');
    if (!head) {
      head = parseHead(line);
      yield { head };
    } else if (table !== undefined) table = undefined;
    else if (line.startsWith(TABLE_LINE)) table = line.slice(TABLE_LINE.length);
    else throw new BadBackup('it is not written as a backup is');
  }
  if (!isWhole || !head) throw new BadBackup('it ends too early: the copy is not whole');
  for (const { name, rows: expected } of head.tables) {
    if ((rows.get(name) ?? 0) !== expected)
      throw new BadBackup(`its table ${name} has ${rows.get(name) ?? 0} rows and should have ${expected}`);
  }
}

/** Reads it to its end and keeps nothing but the head. */
export async function verifyBackup(
  file: string,
  onRow: (head: BackupHead) => void = () => {},
): Promise<BackupHead> {
  let head: BackupHead | undefined;
  for await (const line of readBackup(file)) {
    if ('head' in line) head = line.head;
    else if (head) onRow(head);
  }
  if (!head) throw new BadBackup('it is empty');
  return head;
}

async function* linesOf(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file);
  const unzipped = createGunzip();
  source.on('error', (error) => unzipped.destroy(error));
  try {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of source.pipe(unzipped) as AsyncIterable<Buffer>) {
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      let from = 0;
      for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
        yield bytes.subarray(from, at);
        from = at + 1;
      }
      rest = bytes.subarray(from);
    }
    if (rest.length > 0) throw new BadBackup('it ends too early: the copy is not whole');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR') throw new BadBackup('there is no such file');
    if (code === 'Z_BUF_ERROR') throw new BadBackup('it ends too early: the copy is not whole');
    if (code?.startsWith('Z_')) throw new BadBackup('it is no backup, or damaged');
    throw error;
  } finally {
    source.destroy();
  }
}

function parseHead(line: string): BackupHead {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw new BadBackup('it is no backup of this program');
  }
  const { version } = parsed as { version?: unknown };
  if (typeof version === 'number' && version > VERSION)
    throw new BadBackup(`it was written by a newer version of the program (format ${version})`);
  const head = headSchema.safeParse(parsed);
  if (!head.success) throw new BadBackup('it is no backup of this program');
  return head.data;
}
