/**
 * `npm run backup -- FILE`: a consistent picture of everything in the database, taken while the server runs. It is
 * written to `FILE.part`, flushed, and then renamed: a file of the given name is always whole.
 *
 * Ends with 0 where it can be restored, and with 2 where it was written while sums and rows disagree: a restore, which
 * adds everything up, would refuse it. It is kept all the same, to look into what happened.
 */
import { existsSync, rmSync } from 'node:fs';
import { open, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '#server/base/clock.ts';
import { findDifferences } from '#server/live/check-sums.ts';
import { fingerprintsOf } from '#server/store/key-fingerprints.ts';
import { openSecrets } from '#server/store/secrets.ts';
import { type Progress, takeBackup } from './backup/take.ts';
import { openCommand, runCommand, WrongUse } from './open-command.ts';

const USAGE = 'npm run backup -- FILE   (a picture of the whole database, beside a running server)';
const PROGRESS_MS = 1_000;
const NOT_RESTORABLE = 2;

async function backup(): Promise<void> {
  const file = path.resolve(readArguments());
  if (existsSync(file))
    throw new WrongUse(
      `${file}: sudah ada dan tidak ditimpa · exists already and is not overwritten: name another file`,
    );
  const folder = await stat(path.dirname(file)).catch(() => null);
  if (!folder?.isDirectory())
    throw new WrongUse(
      `${path.dirname(file)}: folder tidak ada · there is no such folder: make it, or name another`,
    );
  const part = `${file}.part`;
  const room = await openCommand();
  try {
    const secrets = await openSecrets(room.config.secretsFile, room.store, room.log);
    rmSync(part, { force: true });
    const owner = await room.store.client('owner', { applicationName: 'kepling backup' });
    const head = await takeBackup({
      owner,
      programCode: room.intake.program().code,
      keys: fingerprintsOf(secrets),
      file: part,
      now: systemClock.now(),
      countDifferences: async (owner) => (await findDifferences(owner, room.intake.program().id)).length,
      progress: sayProgress(),
    });
    await rename(part, file);
    await flushFolder(path.dirname(file));
    const { size } = await stat(file);
    const { revision, people, epoch } = head.program;
    say(
      `  ${file}: revisi · revision ${revision}, ${people} orang · people, ${(size / 1e6).toFixed(1)} MB, epoch ${epoch}`,
    );
    say(
      '  Kunci tidak ada di dalamnya: tanpa secrets.json orang di dalamnya tidak dapat dibaca maupun ditemukan. Simpan terpisah: npm run keys -- export',
    );
    say(
      '  The keys are not in it: without secrets.json the people in it can be neither read nor found. Keep them apart: npm run keys -- export',
    );
    if (head.differences) {
      process.exitCode = NOT_RESTORABLE;
      process.stderr.write(`${tellUseless(file, head.differences)}\n`);
    }
  } finally {
    rmSync(part, { force: true });
    await room.close();
  }
}

function tellUseless(file: string, differences: number): string {
  return [
    '',
    `  CADANGAN INI TIDAK DAPAT DIPULIHKAN · THIS BACKUP CANNOT BE RESTORED: ${file}`,
    `  Jumlah dan barisnya tidak cocok di ${differences} tempat; pemulihan menolaknya. Simpan sebagai bukti, jangan hapus cadangan lama yang cocok: npm run check-sums`,
    `  Sums and rows disagree in ${differences} places; a restore refuses it. Keep it as evidence, and keep the older backups that agree: npm run check-sums`,
  ].join('\n');
}

function sayProgress(): (progress: Progress) => void {
  let saidAt = systemClock.now();
  return ({ table, rows, of }) => {
    if (systemClock.now() - saidAt < PROGRESS_MS) return;
    saidAt = systemClock.now();
    say(`  ${table}: ${rows} / ${of}`);
  };
}

/** The new name too must outlive a power cut. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function readArguments(): string {
  try {
    const { positionals } = parseArgs({ allowPositionals: true });
    const [file, ...others] = positionals;
    if (file !== undefined && others.length === 0) return file;
  } catch (error) {
    throw new WrongUse(`${(error as Error).message}\n${USAGE}`);
  }
  throw new WrongUse(USAGE);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

runCommand(backup);
