import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Ledger } from '#server/ledger/ledger.ts';
import { ledgerOn, NEIGHBORHOODS, openSmallProgram, type SmallProgram } from '#test/support/small-program.ts';
import { enrollCommand, keyed, withdrawCommand } from './commands.ts';

const PEOPLE = 2_000;
/** A few index entries and rows for what is looked up, and for the foreign keys of what is written. */
const ROWS_READ_MAX = 40;
/** From the sixth on the database may settle for another plan. */
const COMMANDS = 8;

const READ = `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS rows FROM pg_stat_xact_user_tables
  WHERE relname IN ('idempotency_keys', 'participants', 'enrollments', 'contributions',
    'neighborhood_sums')`;

let program: SmallProgram;
let ledger: Ledger;
let here: number;
const read: number[] = [];

beforeAll(async () => {
  program = await openSmallProgram();
  here = program.area(NEIGHBORHOODS[0] as string).id;
  ledger = ledgerOn(program.store, program.clock, {
    connect: async () => countingAtCommit(await program.store.ledgerClient(), read),
  });
  // A plan that is made on empty tables is kept when they have grown.
  await program.admin.query('ANALYZE');
  await enrollAndWithdraw('first of all');
  const all = Array.from({ length: PEOPLE }, (_, number) => {
    const nik = `many ${number}`;
    return enrollCommand(nik, here, { key: keyed(nik, nik) });
  });
  await Promise.all(all.map((command) => program.ledger.submit(command)));
});
afterAll(async () => {
  await ledger.close();
  await program.close();
});

async function enrollAndWithdraw(nik: string): Promise<void> {
  const enrolled = enrollCommand(nik, here, { key: keyed(nik, nik) });
  expect(await ledger.submit(enrolled)).toMatchObject({ outcome: 'ACCEPTED' });
  const withdrawn = withdrawCommand(enrolled.enrollmentId, { key: keyed(`${nik} goes`, nik) });
  expect(await ledger.submit(withdrawn)).toMatchObject({ outcome: 'ACCEPTED' });
}

it.each(['planned before they came', 'planned when they were there'])(
  '[LED-26] a command reads the rows that it names and no others, however many there are, %s',
  async (when) => {
    if (when === 'planned when they were there') await program.admin.query('ANALYZE');
    read.length = 0;
    for (let number = 0; number < COMMANDS; number++) await enrollAndWithdraw(`${when} ${number}`);
    expect(read).toHaveLength(2 * COMMANDS);
    expect(Math.max(...read)).toBeLessThan(ROWS_READ_MAX);
  },
);

/** Notes, at the end of each transaction, how many rows it read of the tables that grow. */
function countingAtCommit(client: pg.Client, read: number[]): pg.Client {
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  // The database adds up over transactions that it has not reported yet.
  let told = 0;
  const counting = async (...args: unknown[]) => {
    if (args[0] === 'COMMIT') {
      const { rows } = (await query(READ)) as { rows: { rows: number }[] };
      const sum = rows[0]?.rows ?? Number.NaN;
      read.push(sum < told ? sum : sum - told);
      told = sum;
    }
    return query(...args);
  };
  return Object.assign(client, { query: counting });
}
