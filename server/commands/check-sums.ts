/**
 * `npm run check-sums`: adds the books up anew, beside a running server, and tells which area differs by what. With
 * `-- --rebuild` sums that stand alone against entries and people are set from the entries first.
 */
import { parseArgs } from 'node:util';
import { checkSums } from '#server/live/check-sums.ts';
import { tellDifferences } from '#server/live/tell-differences.ts';
import { openCommand, runCommand, WrongUse } from './open-command.ts';
import { rebuildSums } from './rebuild-sums.ts';

async function check(): Promise<void> {
  const isRebuilding = readArguments();
  const room = await openCommand();
  try {
    const { intake, store } = room;
    const { mode, epoch } = intake.program();
    const { rows } = await store.pool('reader').query<{ revision: number; people: number }>(
      `SELECT revision, (SELECT count(*)::int FROM enrollments WHERE program_id = $1 AND status <> 'WITHDRAWN') AS people
         FROM ledger_heads WHERE program_id = $1`,
      [intake.program().id],
    );
    process.stdout.write(
      `${mode}, epoch ${epoch}, revisi · revision ${rows[0]?.revision}, ${rows[0]?.people} orang · people\n`,
    );
    if (isRebuilding) {
      const mended = await rebuildSums(intake, room.system);
      process.stdout.write(
        mended === null
          ? 'Buku besar dan orang berbeda: tidak ada yang diubah. · Entries and people disagree: nothing was changed.\n'
          : `Jumlah disusun ulang dari buku besar · sums set from the entries: ${mended} lingkungan · neighborhoods\n`,
      );
    }
    const differences = await checkSums(store.pool('reader'), intake.program().id, null);
    process.stdout.write(tellDifferences(differences, (id) => intake.areas.byId(id), null));
    if (differences.length > 0) process.exitCode = 1;
  } finally {
    await room.close();
  }
}

function readArguments(): boolean {
  try {
    return parseArgs({ options: { rebuild: { type: 'boolean', default: false } } }).values.rebuild;
  } catch {
    throw new WrongUse('npm run check-sums [-- --rebuild]');
  }
}

runCommand(check);
