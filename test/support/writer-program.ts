/**
 * A second process that writes: four writers with one ledger on the test's database, doing at random what its
 * argument's seed says. Prints how many commands were accepted and ends.
 */
import { systemClock } from '#server/base/clock.ts';
import { createLog } from '#server/base/log.ts';
import type { Address } from '#server/store/connect.ts';
import { openAt } from '#server/store/store.ts';
import { intakeOn, ledgerOn } from './small-program.ts';
import { writeAtRandom } from './write-at-random.ts';

interface Order {
  readonly address: Address;
  readonly seed: number;
  readonly steps: number;
}

const { address, seed, steps } = JSON.parse(process.argv[2] as string) as Order;
// Standard output is what the test reads, a line at a time; a warning among it would be taken for the count.
const log = createLog({ level: 'warn', stream: process.stderr });
const store = await openAt(address, log, systemClock);
const ledger = ledgerOn(store, systemClock);
const intake = await intakeOn(store, systemClock, ledger);
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
const accepted = await Promise.all([0, 1, 2, 3].map((writer) => writeAtRandom(intake, seed + writer, steps)));
await ledger.close();
await store.close();
process.stdout.write(`${JSON.stringify({ accepted: accepted.reduce((sum, count) => sum + count, 0) })}\n`);
process.exit(0);
