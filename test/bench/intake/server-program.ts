/**
 * The product, composed by its own wiring, with one thing changed: BENCH_LEDGER=memory answers enrollments without a
 * database, BENCH_LEDGER=alone commits each by itself. Whatever happens before and after the ledger is the same.
 */
import { systemClock } from '#server/base/clock.ts';
import { createLog } from '#server/base/log.ts';
import { compose } from '#server/compose.ts';
import { readConfig } from '#server/config.ts';
import type { LedgerAnswer } from '#server/ledger/command.ts';
import { createLedger, type Ledger, type LedgerOptions } from '#server/ledger/ledger.ts';
import { claimDataDir } from '#server/store/claim.ts';

/** Single enrollments are accepted on the spot; what a start posts goes the usual way. */
function openMemoryLedger(options: LedgerOptions): Ledger {
  const usual = createLedger(options);
  let revision = 1_000_000;
  return {
    submit: async ({ enrollmentId }): Promise<LedgerAnswer> => ({
      outcome: 'ACCEPTED',
      enrollmentId,
      revision: ++revision,
    }),
    submitBatch: usual.submitBatch,
    post: usual.post,
    depth: 0,
    close: usual.close,
  };
}

const LEDGERS: Readonly<Record<string, (options: LedgerOptions) => Ledger>> = {
  usual: createLedger,
  alone: (options) => createLedger({ ...options, groupLimit: 1 }),
  memory: openMemoryLedger,
};
const openLedger = LEDGERS[process.env.BENCH_LEDGER ?? ''];
if (!openLedger) throw new Error(`BENCH_LEDGER is one of ${Object.keys(LEDGERS).join(', ')}`);

const config = readConfig(process.env);
const claim = config.databaseUrl === undefined ? await claimDataDir(config.dataDir) : null;
const app = await compose({
  config,
  claim,
  clock: systemClock,
  log: createLog({ level: 'warn' }),
  openLedger,
});
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
await app.loaded;
