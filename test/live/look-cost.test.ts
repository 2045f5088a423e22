import { afterAll, beforeAll, expect, it } from 'vitest';
import { PROGRAM_ID } from '#server/domain/program/found-program.ts';
import { COLUMN, FIGURES } from '#server/ledger/figures.ts';
import { readNews } from '#server/live/books.ts';
import { NEIGHBORHOODS, openSmallProgram, type SmallProgram } from '#test/support/small-program.ts';

const REVISIONS = 20_000;
/** From the sixth on the database may settle for another plan. */
const LOOKS = 8;
/** Its own row, its counters, one posting and one entry, and what stands beside them. */
const ROWS_READ_MAX = 12;

let program: SmallProgram;
let newest: number;

beforeAll(async () => {
  program = await openSmallProgram();
  // A plan that is made on empty tables is kept when they have grown.
  await program.admin.query('ANALYZE');
  await look();
  const { rows } = await program.admin.query<{ revision: number }>(
    'SELECT max(revision) AS revision FROM postings',
  );
  const before = rows[0]?.revision ?? 0;
  newest = before + REVISIONS;
  const here = program.area(NEIGHBORHOODS[0] as string).id;
  await program.admin.query(
    `WITH posted AS (
       INSERT INTO postings (program_id, revision, posted_at)
       SELECT $1, n, now() FROM generate_series($2::int + 1, $3::int) n RETURNING revision
     )
     INSERT INTO entries (program_id, revision, position, kind, neighborhood_id, ${FIGURES.map((each) => COLUMN[each])})
     SELECT $1, revision, 0, 'ENROLLED', $4, ${FIGURES.map((each) => (each === 'pending' ? 1 : 0))} FROM posted`,
    [PROGRAM_ID, before, newest, here],
  );
});
afterAll(() => program.close());

const look = (after = 0) => readNews(program.store.pool('reader', 'look'), PROGRAM_ID, after, after + 100);

/** Rows that every reading of the tables brought so far. */
async function rowsRead(): Promise<number> {
  const client = await program.store.pool('reader', 'look').connect();
  try {
    const { rows } = await client.query<{ rows: number }>(
      `SELECT pg_stat_force_next_flush(), sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS rows
         FROM pg_stat_user_tables WHERE relname IN ('programs', 'versions', 'postings', 'entries')`,
    );
    return rows[0]?.rows ?? Number.NaN;
  } finally {
    client.release();
  }
}

it.each(['planned before they came', 'planned when they were there'])(
  '[LIV-123] a look reads what is new and no other rows, however many revisions there are, %s',
  async (when) => {
    if (when === 'planned when they were there') await program.admin.query('ANALYZE');
    await look(newest - 1);
    await rowsRead();
    const before = await rowsRead();
    for (let number = 0; number < LOOKS; number++) {
      const { entries } = await look(newest - 1);
      expect(entries).toHaveLength(1);
      expect(entries[0]?.revision).toBe(newest);
    }
    // What this session read is told with its next transaction.
    await rowsRead();
    const each = ((await rowsRead()) - before) / LOOKS;
    expect(each).toBeGreaterThanOrEqual(2);
    expect(each).toBeLessThan(ROWS_READ_MAX);
  },
);
