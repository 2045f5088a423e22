/**
 * `npm run bench -- intake [--rounds N] [--seconds N]`: how fast people are taken in, each acknowledged after a commit
 * that is on the disk.
 *
 * Four servers on one database, all by the product's own wiring, on the servers' core, in turns: the product; the same
 * with a ledger that answers from memory, so that everything but the database is left (parsing, authorization,
 * judging, hashing and sealing, the payload); the same with one row to a commit. PostgreSQL and whoever sends share
 * the other core. Rows and batches on one connection come first, while the product alone follows the ledger: each further
 * instance reads every batch too, on the core where it is written.
 */
import { parseArgs } from 'node:util';
import { estimate, spread, tell } from '../figures.ts';
import { startLoad } from '../load.ts';
import { pinBench } from '../machine.ts';
import { progress, say, sayGoal, table } from '../say.ts';
import { readKey, type Server } from '../servers.ts';
import { openStage, type Stage } from '../stage.ts';
import { profileIntake } from './profile-intake.ts';

const CONNECTIONS = 64;
const BATCH_ROWS = 500;
const SINGLES = 300;
const BATCHES = 8;
const LEDGERS = ['product', 'memory', 'alone'] as const;
type LedgerName = (typeof LEDGERS)[number];

export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '11' },
      seconds: { type: 'string', default: '3' },
      profile: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  const seconds = Number(values.seconds);
  pinBench();
  if (values.profile) return await profileIntake(CONNECTIONS, 5 * seconds);
  const stage = await openStage();
  const load = await startLoad();
  try {
    const servers = new Map<LedgerName, Server>();
    const rates = new Map<string, number[]>();
    const delays: number[] = [];
    const note = (name: string, value: number) => rates.set(name, [...(rates.get(name) ?? []), value]);
    servers.set('product', await startWith(stage, 'product'));
    for (let round = 0; round <= rounds; round++) {
      progress(round === 0 ? 'one connection: warming up' : `one connection: round ${round} of ${rounds}`);
      const single = await stage.writer.singles(SINGLES);
      const batch = await stage.writer.batches(BATCHES * BATCH_ROWS, BATCH_ROWS);
      if (round === 0) continue;
      note('singles', single.rows / (single.ms / 1_000));
      note('batches', batch.rows / (batch.ms / 1_000));
    }
    for (const name of ['memory', 'alone'] as const) servers.set(name, await startWith(stage, name));
    const key = readKey(stage.dataDir, 'bpjs');
    for (let round = 0; round <= rounds; round++) {
      progress(round === 0 ? 'warming up' : `round ${round} of ${rounds}`);
      for (const name of [...LEDGERS.slice(round % 3), ...LEDGERS.slice(0, round % 3)]) {
        const server = servers.get(name) as Server;
        const before = await server.cpu();
        const done = await load.send({
          port: server.port,
          key,
          connections: CONNECTIONS,
          seconds,
          rate: null,
        });
        const after = await server.cpu();
        if (round === 0) continue;
        note(name, done.accepted / (done.ms / 1_000));
        note(`${name} cpu`, (after.user + after.system - before.user - before.system) / done.accepted);
        note(`${name} busy`, (after.user + after.system - before.user - before.system) / 1_000 / done.ms);
        if (name === 'product') delays.push(...done.delays);
      }
    }
    tellRates(rates, delays);
  } finally {
    load.stop();
    await stage.close();
  }
}

/** The product itself, or a further instance on its database with another ledger. */
function startWith(stage: Stage, name: LedgerName): Promise<Server> {
  if (name === 'product') return stage.startProduct();
  return stage.startInstance({
    program: 'test/bench/intake/server-program.ts',
    env: { BENCH_LEDGER: name },
  });
}

function tellRates(rates: ReadonlyMap<string, readonly number[]>, delays: readonly number[]): void {
  const of = (name: string) => rates.get(name) ?? [];
  const ratio = (a: string, b: string) =>
    estimate(of(a).map((rate, round) => rate / (of(b)[round] ?? Number.NaN)));
  say();
  say('enrollments a second: median (95 % interval of the median; all rounds)');
  table([
    ['', 'a second', 'server CPU us each', 'core busy'],
    ...LEDGERS.map((name) => [
      name,
      tell(estimate(of(name)), 0),
      tell(estimate(of(`${name} cpu`)), 0),
      tell(estimate(of(`${name} busy`))),
    ]),
    ['one connection, single rows', tell(estimate(of('singles')), 0), '', ''],
    [`one connection, batches of ${BATCH_ROWS}`, tell(estimate(of('batches')), 0), '', ''],
  ]);
  say(`answers of the product with ${CONNECTIONS} connections: ${spread(delays)}`);
  say();
  const share = ratio('product', 'memory');
  sayGoal('durable against the same without a database', tell(share), 'at least 0.60', share.median >= 0.6);
  const grouped = ratio('product', 'alone');
  sayGoal('sharing commits against one row a commit', tell(grouped), 'at least 3', grouped.median >= 3);
  const batched = ratio('batches', 'singles');
  sayGoal(
    `batches of ${BATCH_ROWS} against single rows`,
    tell(batched, 1),
    'at least 20',
    batched.median >= 20,
  );
}
