/**
 * `npm run restore -- FILE [--replace]`: everything as it was when a backup was taken, under a new epoch, so that
 * every open screen follows by itself, also downwards. A server may run meanwhile.
 *
 * The file is read to its end and its checksum compared first; then it is loaded and added up beside the database in
 * use, which is changed in one step at the very end. What it replaces is kept until the next restore.
 */
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '#server/base/clock.ts';
import { createLog } from '#server/base/log.ts';
import { type Config, readConfig, readEnvFile } from '#server/config.ts';
import { findHolder } from '#server/store/claim.ts';
import type { Connections } from '#server/store/connect.ts';
import { doKeysFit, fingerprintsOf } from '#server/store/key-fingerprints.ts';
import { openSecondDatabase, REPLACED } from '#server/store/second-database.ts';
import { readSecrets } from '#server/store/secrets.ts';
import { type BackupHead, BadBackup, verifyBackup } from './backup/format.ts';
import { loadBackup } from './backup/load.ts';
import type { Progress } from './backup/take.ts';
import { runCommand, WrongUse } from './open-command.ts';

const USAGE =
  'npm run restore -- FILE [--replace]   (--replace: in the place of the program that is there, which is kept until the next restore)';
const PROGRESS_MS = 1_000;
const NO_PLAIN_FILE = 'bukan berkas biasa · it is no plain file: name the backup itself';

async function restore(): Promise<void> {
  const { file, isReplacing } = readArguments();
  readEnvFile();
  const config = readConfig(process.env);
  const log = createLog({ level: 'warn', stream: process.stderr });
  const progress = sayProgress();
  try {
    say('  Memeriksa berkas · checking the file');
    let rows = 0;
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) throw new BadBackup(NO_PLAIN_FILE);
    const head = await verifyBackup(file, (known) => {
      rows += 1;
      if (rows % 10_000 === 0) progress({ table: path.basename(file), rows, of: countOf(known) });
    });
    const { revision, people, mode } = head.program;
    say(`  ${head.at}: ${mode}, revisi · revision ${revision}, ${people} orang · people`);
    if (head.differences)
      say(
        `  Saat dibuat, jumlah dan barisnya tidak cocok di ${head.differences} tempat · when it was taken its sums and rows disagreed in ${head.differences} places`,
      );
    checkKeys(config, head);
    const database = await openSecondDatabase(config, log);
    try {
      const standing = database.current && (await readStanding(database.current));
      if (standing) await mayReplace(config, standing, isReplacing, head);
      const epoch = randomUUID();
      await loadBackup({
        next: database.next,
        file,
        head,
        epoch,
        versionsAbove: standing?.version ?? 0n,
        log,
        progress,
      });
      const others = await readStanding(database.next);
      if (standing) await mayFollow(config, standing, others);
      await database.adopt();
      say(`  Dipulihkan · restored: revision ${revision}, ${people} people, epoch ${epoch}; sums agree`);
      if (standing)
        say(
          `  Yang diganti disimpan sampai pemulihan berikutnya · what was replaced is kept until the next restore: database ${REPLACED}`,
        );
    } finally {
      await database.close();
    }
  } catch (error) {
    if (error instanceof BadBackup)
      throw new WrongUse(
        `${file}: tidak dapat dipulihkan, tidak ada yang berubah · cannot be restored, nothing was changed: ${error.message}`,
      );
    throw error;
  }
}

/** Refuses where the people in the backup could be neither read nor found with the keys that are here. */
function checkKeys(config: Config, head: BackupHead): void {
  const held = readSecrets(config.secretsFile);
  if (held && doKeysFit(fingerprintsOf(held), head.keys)) return;
  const found = held
    ? `${config.secretsFile} memuat kunci lain · holds other keys`
    : `${config.secretsFile} tidak ada · is not there`;
  throw new WrongUse(
    `${found}. Cadangan ini memerlukan kunci asalnya · this backup needs the keys it was made with (${head.keys.nikHash}): npm run keys -- import FILE. Tidak ada yang berubah · nothing was changed.`,
  );
}

/** What the database in use is, as far as it decides whether another may take its place. */
interface Standing {
  readonly code: string;
  readonly mode: string;
  readonly revision: number;
  readonly people: number;
  /** The highest version of anything that is followed. */
  readonly version: bigint;
  /** The ids that a running server holds in memory: areas, and the principal of the system. */
  readonly ids: string;
}

async function readStanding(connections: Connections): Promise<Standing | null> {
  const { rows } = await connections.pool('owner').query<Standing>(
    `SELECT p.code, p.mode::text, h.revision, (SELECT count(*)::int FROM participants) AS people,
            (SELECT max(version) FROM versions) AS version,
            p.id || ':' || (SELECT md5(string_agg(a.id || a.code, ',' ORDER BY a.id)) FROM areas a) || ':' ||
              (SELECT id FROM principals WHERE role = 'SYSTEM' ORDER BY id LIMIT 1) AS ids
       FROM programs p JOIN ledger_heads h ON h.program_id = p.id ORDER BY p.id LIMIT 1`,
  );
  return rows[0] ?? null;
}

async function mayReplace(
  config: Config,
  standing: Standing,
  isReplacing: boolean,
  head: BackupHead,
): Promise<void> {
  if (config.databaseUrl !== undefined)
    throw new WrongUse(
      'DATABASE_URL memuat program · holds a program: make a new, empty database, set DATABASE_URL to it, and restore there. Tidak ada yang berubah · nothing was changed.',
    );
  if (isReplacing) return;
  const { mode, revision, people } = standing;
  throw new WrongUse(
    `Di sini sudah ada program · a program is here already: ${mode}, revision ${revision}, ${people} people. With --replace revision ${head.program.revision} takes its place, and what was committed after ${head.at} is no longer counted. Tidak ada yang berubah · nothing was changed.`,
  );
}

/** A server that runs keeps some ids in memory: it may go on only where they stay what they are. */
async function mayFollow(config: Config, standing: Standing, next: Standing | null): Promise<void> {
  if (next && standing.ids === next.ids && standing.mode === next.mode && standing.code === next.code) return;
  const holder = await findHolder(config.dataDir);
  if (!holder) return;
  throw new WrongUse(
    `Cadangan ini dari pemasangan lain · this backup is of another installation: stop the server (process ${holder.pid}) and restore again. Tidak ada yang berubah · nothing was changed.`,
  );
}

function countOf(head: BackupHead): number {
  return head.tables.reduce((sum, { rows }) => sum + rows, 0);
}

function sayProgress(): (progress: Progress) => void {
  let saidAt = systemClock.now();
  return ({ table, rows, of }) => {
    if (systemClock.now() - saidAt < PROGRESS_MS) return;
    saidAt = systemClock.now();
    say(`  ${table}: ${rows} / ${of}`);
  };
}

function readArguments(): { file: string; isReplacing: boolean } {
  try {
    const { values, positionals } = parseArgs({
      options: { replace: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [file, ...others] = positionals;
    if (file !== undefined && others.length === 0)
      return { file: path.resolve(file), isReplacing: values.replace ?? false };
  } catch (error) {
    throw new WrongUse(`${(error as Error).message}\n${USAGE}`);
  }
  throw new WrongUse(USAGE);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

runCommand(restore);
