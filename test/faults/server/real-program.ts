import type pg from 'pg';
import type { Intake } from '#server/domain/enrollments/intake.ts';
import type { Ledger } from '#server/ledger/ledger.ts';
import type { Store } from '#server/store/store.ts';
import { type LiveOn, openLiveOn } from '#test/support/live-on.ts';
import { CITY, intakeOn, ledgerOn, NEIGHBORHOODS, openSmallProgram } from '#test/support/small-program.ts';
import { until } from '#test/support/wait.ts';
import type { Model } from './model-commands.ts';

/** The program as a server has it: ledger, intake and live path on a real database, to be restarted and cut off. */
export interface RealProgram {
  readonly intake: Intake;
  /** The next commit's connection ends right before it, or right after. */
  breakAtCommit(when: 'before' | 'after'): void;
  /** Says it again, as a client does that was not answered. */
  untilAnswered<T>(work: () => Promise<T>): Promise<T>;
  nextKey(): number;
  /** Memory, sums and connections gone; the books stay. */
  restart(): Promise<void>;
  /** Throws where the books or the live path say otherwise than the model. */
  compare(model: Model): Promise<void>;
  close(): Promise<void>;
}

export async function openRealProgram(): Promise<RealProgram> {
  const program = await openSmallProgram({ isQuiet: true });
  const { admin, clock } = program;
  let armed: 'before' | 'after' | null = null;
  let keys = 0;
  let store: Store;
  let ledger: Ledger;
  let intake: Intake;
  let live: LiveOn;

  const breaking = (client: pg.Client): pg.Client => {
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    const ask = async (...args: unknown[]) => {
      if (args[0] !== 'COMMIT' || armed === null) return await query(...args);
      const when = armed;
      armed = null;
      const { rows } = (await query('SELECT pg_backend_pid() AS pid')) as { rows: { pid: number }[] };
      if (when === 'after') await query('COMMIT');
      await admin.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      return await query('COMMIT');
    };
    return Object.assign(client, { query: ask });
  };
  const start = async () => {
    store = await program.database.open(clock);
    ledger = ledgerOn(store, clock, { connect: async () => breaking(await store.ledgerClient()) });
    intake = await intakeOn(store, clock, ledger);
    live = await openLiveOn({ ...program, store });
  };
  const stop = async () => {
    await live.close();
    await ledger.close();
    await store.close();
  };
  await start();

  return {
    get intake() {
      return intake;
    },
    breakAtCommit(when) {
      armed = when;
    },
    untilAnswered: (work) =>
      until('an answer', async () => ({ answer: await work() })).then(({ answer }) => answer),
    nextKey: () => ++keys,
    async restart() {
      armed = null;
      await stop();
      await start();
    },
    async compare({ counted }) {
      const { rows } = await admin.query<{ revision: number }>('SELECT revision FROM ledger_heads');
      const newest = rows[0]?.revision ?? Number.NaN;
      await until('memory to have the newest revision', async () => {
        await clock.advanceAsync(250);
        return live.revision === newest;
      });
      const sums = await admin.query<{ code: string; enrolled: number }>(
        'SELECT a.code, s.enrolled FROM neighborhood_sums s JOIN areas a ON a.id = s.neighborhood_id',
      );
      const booked = new Map(sums.rows.map(({ code, enrolled }) => [code, enrolled]));
      for (const code of [...NEIGHBORHOODS, CITY]) {
        const expected = [...counted.values()].filter((place) => code === CITY || place === code).length;
        const shown = live.totals(code)?.area.figures.enrolled;
        const found = code === CITY ? [shown] : [shown, booked.get(code)];
        if (found.some((each) => each !== expected))
          throw new Error(`${code} at ${newest}: ${found.join(' and ')}, expected ${expected}`);
      }
    },
    async close() {
      await stop();
      await program.close();
    },
  };
}
