/**
 * `npm run import -- FILE [--dry-run]`: takes an enrollment or contribution file in, by a writer of its own beside
 * the running server. Rows that were not accepted are in `FILE.report.csv`, readable for this user alone.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { systemClock } from '#server/base/clock.ts';
import { type ImportCount, importFile } from '#server/domain/imports/import-file.ts';
import {
  type FileProblem,
  fileProblem,
  isFileProblem,
  tellProblem,
} from '#server/domain/imports/problems.ts';
import { createTrial } from '#server/domain/imports/trial.ts';
import { type CommandRoom, openCommand, runCommand, WrongUse } from './open-command.ts';

const USAGE = 'npm run import -- FILE [--dry-run]   (an enrollment or contribution file, CSV)';
const PROGRESS_MS = 1_000;

async function runImport(): Promise<void> {
  const { file, isTrial } = readArguments();
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) throw new WrongUse(tell(fileProblem('NOT_A_FILE')));
  const room = await openCommand();
  try {
    const reportFile = `${file}.report.csv`;
    const report = await openReport(reportFile);
    let count: ImportCount | FileProblem;
    try {
      count = await take(room, file, isTrial, report.handle);
    } finally {
      await report.close();
    }
    if (isFileProblem(count)) throw new WrongUse(tell(count));
    if (count.duplicate + count.rejected > 0) say(`  Laporan · report: ${reportFile}`);
    if (isTrial) say('  Percobaan saja, tidak ada yang berubah · a trial only, nothing was changed');
    const { rows, accepted, duplicate, rejected } = count;
    say(`${rows} rows: ${accepted} accepted, ${duplicate} duplicate, ${rejected} rejected`);
    if (count.pending > 0) say(tellPending(count.pending, isTrial));
  } finally {
    await room.close();
  }
}

async function take(
  { intake, system, store }: CommandRoom,
  file: string,
  isTrial: boolean,
  report: FileHandle,
): Promise<ImportCount | FileProblem> {
  const startedAt = systemClock.now();
  let saidAt = startedAt;
  const sayHow = (rows: number, share: number) => {
    const rate = Math.round((rows * 1_000) / Math.max(1, systemClock.now() - startedAt));
    say(`  ${rows} baris · rows, ${rate}/s, ${Math.floor(share * 100)}%`);
  };
  const count = await importFile({
    intake,
    actor: system,
    trial: isTrial ? createTrial(await store.ledgerClient(), intake.program().id) : null,
    open: () => createReadStream(file),
    rowsMax: Number.POSITIVE_INFINITY,
    report: { write: (text) => report.appendFile(text) },
    progress({ rows, share }) {
      if (systemClock.now() - saidAt < PROGRESS_MS) return;
      saidAt = systemClock.now();
      sayHow(rows, share);
    },
  });
  if (!isFileProblem(count)) sayHow(count.rows, 1);
  return count;
}

/** A new file for this user alone; one of an earlier run gives way. Without a row it is not kept. */
async function openReport(file: string): Promise<{ handle: FileHandle; close(): Promise<void> }> {
  let handle: FileHandle;
  try {
    await rm(file, { force: true });
    handle = await open(file, 'wx', 0o600);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new WrongUse(`${file}: laporan tidak dapat ditulis · the report cannot be written (${why})`);
  }
  return {
    handle,
    async close() {
      const { size } = await handle.stat();
      await handle.close();
      if (size === 0) await rm(file, { force: true });
    },
  };
}

function readArguments(): { file: string; isTrial: boolean } {
  try {
    const { values, positionals } = parseArgs({
      options: { 'dry-run': { type: 'boolean' } },
      allowPositionals: true,
    });
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) throw new WrongUse(USAGE);
    return { file, isTrial: values['dry-run'] ?? false };
  } catch (error) {
    if (error instanceof WrongUse) throw error;
    throw new WrongUse(`${(error as Error).message}\n${USAGE}`);
  }
}

/** Accepted is not enrolled: whoever reads "accepted" alone looks for them on the board in vain. */
function tellPending(pending: number, isTrial: boolean): string {
  const [akan, would] = isTrial ? ['akan menunggu', 'would wait'] : ['menunggu', 'wait'];
  return [
    '',
    `  BELUM TERHITUNG · NOT COUNTED: ${pending} orang ${akan} verifikasi dan tidak ada di papan · people ${would} for verification and are not on the board.`,
    '  Dalam program yang sebenarnya perintah ini tidak memverifikasi siapa pun; berkas yang dikirim dengan kunci BPJS terhitung seketika, tetapi yang sudah menunggu menjadi duplikat di sana.',
    '  In a live program this command verifies nobody; a file sent with the key of a BPJS account counts at once, though whoever waits already is a duplicate there:',
    '    curl --data-binary @FILE localhost:4000/imports -H "authorization: Bearer $KEY"',
  ].join('\n');
}

function tell(problem: FileProblem): string {
  return `${tellProblem(problem, 'id')}\n${tellProblem(problem, 'en')}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

runCommand(runImport);
