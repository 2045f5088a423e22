import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ledgerOn, NEIGHBORHOODS, openSmallProgram, type SmallProgram } from '#test/support/small-program.ts';
import { enrollCommand, keyed, withdrawCommand } from './commands.ts';

const PEOPLE = 2_000;
/** A few index entries and rows for what is looked up, and for the foreign keys of what is written. */
const ROWS_READ_MAX = 40;
/** From the sixth on the database may settle for another plan. */
const COMMANDS = 8;

const READ = `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS rows FROM pg_stat_xact_user_tables
  WHERE relname IN ('idempotency_keys', 'participants', 'enrollments', 'contributions')`;

let program: SmallProgram;
let here: number;

beforeAll(async () => {
  program = await openSmallProgram();
  here = program.area(NEIGHBORHOODS[0] as string).id;
  const all = Array.from({ length: PEOPLE }, (_, number) => {
    const nik = `many ${number}`;
    return enrollCommand(nik, here, { key: keyed(nik, nik) });
  });
  await Promise.all(all.map((command) => program.ledger.submit(command)));
  await program.admin.query('ANALYZE');
});
afterAll(() => program.close());

it('[LED-26] a command reads the rows that it names and no others, however many there are', async () => {
  const read: number[] = [];
  const ledger = ledgerOn(program.store, program.clock, {
    connect: async () => countingAtCommit(await program.store.ledgerClient(), read),
  });
  const gone = enrollCommand('gone', here);
  await program.ledger.submit(gone);
  await program.ledger.submit(withdrawCommand(gone.enrollmentId));
  for (let number = 0; number < COMMANDS; number++) {
    const nik = `one of few ${number}`;
    expect(await ledger.submit(enrollCommand(nik, here, { key: keyed(nik, nik) }))).toMatchObject({
      outcome: 'ACCEPTED',
    });
    const again = withdrawCommand(gone.enrollmentId, { key: keyed(`${nik} goes`, nik) });
    expect(await ledger.submit(again)).toMatchObject({ outcome: 'ALREADY_WITHDRAWN' });
  }
  await ledger.close();
  expect(read).toHaveLength(2 * COMMANDS);
  expect(Math.max(...read)).toBeLessThan(ROWS_READ_MAX);
});

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
