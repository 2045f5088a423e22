import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerOn, NEIGHBORHOODS, openSmallProgram, type SmallProgram } from '#test/support/small-program.ts';
import { until } from '#test/support/wait.ts';
import { enrollCommand, keyed } from './commands.ts';
import { enrollmentsOf, holdLock, untilWaiting } from './lock.ts';

let program: SmallProgram;
let here: number;
let made = 0;

beforeAll(async () => {
  program = await openSmallProgram();
  here = program.area(NEIGHBORHOODS[0] as string).id;
});
afterAll(() => program.close());

const someone = () => `someone ${++made}`;

describe('a connection', () => {
  it('[LED-14] lost while it waits is an error, and the next command finds another', async () => {
    const release = await holdLock(program.admin);
    const commands = [1, 2, 3].map(() => {
      const nik = someone();
      return enrollCommand(nik, here, { key: keyed(nik, nik) });
    });
    const results = Promise.allSettled(commands.map((command) => program.ledger.submit(command)));
    await untilWaiting(program.admin, 1);
    expect(await endLedgerConnections()).toBe(1);
    await release();
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    for (const command of commands) {
      expect(await program.ledger.submit(command)).toMatchObject({ outcome: 'ACCEPTED' });
      expect(await enrollmentsOf(program.admin, command.nikHash)).toBe(1);
    }
  });

  it('[LED-14] lost between commands costs at most an error', async () => {
    expect(await endLedgerConnections()).toBe(1);
    const nik = someone();
    const command = enrollCommand(nik, here, { key: keyed(nik, nik) });
    await program.ledger.submit(command).catch(() => null);
    expect(await program.ledger.submit(command)).toMatchObject({ outcome: 'ACCEPTED' });
    expect(await enrollmentsOf(program.admin, command.nikHash)).toBe(1);
  });

  it.each(['before', 'after'] as const)(
    '[LED-15] lost %s the commit, the same key again gives the answer, and the person counts once',
    async (when) => {
      let isArmed = false;
      const ledger = ledgerOn(program.store, program.clock, {
        connect: async () => breakingAtCommit(await program.store.ledgerClient(), when, () => isArmed),
      });
      await ledger.submit(enrollCommand(someone(), here));
      const nik = someone();
      const command = enrollCommand(nik, here, { key: keyed(nik, nik) });
      isArmed = true;
      await expect(ledger.submit(command)).rejects.toThrow();
      isArmed = false;
      expect(await enrollmentsOf(program.admin, command.nikHash)).toBe(when === 'before' ? 0 : 1);
      const again = enrollCommand(nik, here, { key: keyed(nik, nik) });
      const answer = await ledger.submit(again);
      expect(answer).toMatchObject({
        outcome: 'ACCEPTED',
        enrollmentId: when === 'before' ? again.enrollmentId : command.enrollmentId,
      });
      expect(await ledger.submit(command)).toEqual(answer);
      expect(await enrollmentsOf(program.admin, command.nikHash)).toBe(1);
      await ledger.close();
    },
  );

  it('[LED-16] that cannot be had tells everyone who waits at once, after one try', async () => {
    let tries = 0;
    let tell = (_: Error) => {};
    const ledger = ledgerOn(program.store, program.clock, {
      connect: () => {
        tries += 1;
        return new Promise((_, reject) => {
          tell = reject;
        });
      },
    });
    const first = ledger.submit(enrollCommand(someone(), here)).catch((error: Error) => error.message);
    const others = Array.from({ length: 50 }, () =>
      ledger.submit(enrollCommand(someone(), here)).catch((error: Error) => error.message),
    );
    tell(new Error('away'));
    expect(await first).toBe('away');
    await until('the second try', () => tries === 2);
    tell(new Error('still away'));
    expect(new Set(await Promise.all(others))).toEqual(new Set(['still away']));
    expect(tries).toBe(2);
    await ledger.close();
  });
});

async function endLedgerConnections(): Promise<number> {
  const { rowCount } = await program.admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'kepling ledger%'`,
  );
  return rowCount ?? 0;
}

/** A real connection whose server process ends right before, or right after, it is asked to commit. */
function breakingAtCommit(client: pg.Client, when: 'before' | 'after', isArmed: () => boolean): pg.Client {
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  const ask = async (...args: unknown[]) => {
    if (args[0] !== 'COMMIT' || !isArmed()) return await query(...args);
    const { rows } = (await query('SELECT pg_backend_pid() AS pid')) as { rows: { pid: number }[] };
    if (when === 'after') await query('COMMIT');
    await program.admin.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    return await query('COMMIT');
  };
  return Object.assign(client, { query: ask });
}
