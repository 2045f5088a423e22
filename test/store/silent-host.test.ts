/** A database whose host falls silent: nothing is reset, nothing is answered. The link is a real one that swallows. */
import path from 'node:path';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLog } from '#server/base/log.ts';
import { Connections } from '#server/store/connect.ts';
import { SUPERUSER } from '#server/store/data-folder.ts';
import { PORT } from '#server/store/postmaster.ts';
import { type LinkProxy, startProxy } from '#test/faults/proxy.ts';
import { enrollCommand, keyed } from '#test/ledger/commands.ts';
import { enrollmentsOf } from '#test/ledger/lock.ts';
import { mutedDoorbell, openLiveOn } from '#test/support/live-on.ts';
import { ledgerOn, NEIGHBORHOODS, openSmallProgram, type SmallProgram } from '#test/support/small-program.ts';
import { until } from '#test/support/wait.ts';

const POLL_MS = 250;
const answerWithinMs = 1_500;

let program: SmallProgram;
let link: LinkProxy;
let connections: Connections;
let made = 0;

beforeAll(async () => {
  program = await openSmallProgram();
});
afterAll(() => program.close());
beforeEach(async () => {
  const { address } = program.database;
  if (address.kind !== 'embedded') throw new Error('the test databases are embedded ones');
  link = await startProxy({ to: path.join(address.socketFolder, `.s.PGSQL.${PORT}`), seed: 1 });
  const url = `postgresql://${SUPERUSER}@127.0.0.1:${link.port}/${address.database}`;
  connections = new Connections({ kind: 'url', url }, createLog({ level: 'silent' }), { answerWithinMs });
});
afterEach(async () => {
  await link.close();
  await connections.close();
});

const someone = () => {
  const nik = `silent ${++made}`;
  return enrollCommand(nik, program.area(NEIGHBORHOODS[0] as string).id, { key: keyed(nik, nik) });
};

test('[SET-60] an answer that is overdue is an error, and its connection is ended and given to nobody again', async () => {
  const pool = connections.pool('app');
  const held = await pool.connect();
  await held.query('BEGIN');
  link.blackHole();
  await expect(held.query('SELECT 1')).rejects.toThrow('timeout');
  const askedAt = performance.now();
  await expect(held.query('ROLLBACK')).rejects.toThrow();
  expect(performance.now() - askedAt).toBeLessThan(answerWithinMs / 2);
  held.release();
  await link.restore();
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('[SET-60] by its own limit a statement is refused before its answer is overdue, and one without a limit is not hurried', () => {
  const own = new Connections(
    { kind: 'url', url: 'postgresql://nobody@localhost/none' },
    createLog({ level: 'silent' }),
  );
  const limits = (['owner', 'app', 'reader'] as const).map((role) => own.settings(role).query_timeout);
  expect(limits).toEqual([0, 35_000, 12_000]);
  expect(own.settings('app', { settings: { statement_timeout: '0' } }).query_timeout).toBe(0);
});

test.each(['before', 'after'] as const)(
  '[SET-61] a host that falls silent %s the commit costs one error; the same key tells what became of it',
  async (when) => {
    let isArmed = false;
    const ledger = ledgerOn(program.store, program.clock, {
      connect: async () => {
        const client = await connections.client('app', {
          settings: { 'kepling.scope': 'ledger' },
          isPipelined: true,
        });
        return silentAtCommit(client, when, () => isArmed);
      },
    });
    await ledger.submit(someone());
    const command = someone();
    isArmed = true;
    await expect(ledger.submit(command)).rejects.toThrow();
    isArmed = false;
    await link.restore();
    expect(await ledger.submit(command)).toMatchObject({ outcome: 'ACCEPTED' });
    expect(await enrollmentsOf(program.admin, command.nikHash)).toBe(1);
    await ledger.close();
  },
);

test('[OPS-40] a feed whose database falls silent says so, and looks again on another connection', async () => {
  const live = await openLiveOn(program, { doorbell: mutedDoorbell(), pool: connections.pool('reader') });
  const before = await program.ledger.submit(someone());
  program.clock.advance(POLL_MS);
  await until('the end of a look', () => live.revision === revisionOf(before));
  link.blackHole();
  const answer = await program.ledger.submit(someone());
  program.clock.advance(POLL_MS);
  await until('the feed to notice', () => !live.health().isConnected);
  expect(live.revision).toBeLessThan(revisionOf(answer));
  await link.restore();
  await until('the newest revision', () => {
    program.clock.advance(POLL_MS);
    return live.revision === revisionOf(answer) && live.health().isConnected;
  });
  await live.close();
});

function revisionOf(answer: object): number {
  if (!('revision' in answer)) throw new Error('the enrollment was not accepted');
  return Number(answer.revision);
}

/** A real connection whose link swallows everything right before, or right after, it has committed. */
function silentAtCommit(client: pg.Client, when: 'before' | 'after', isArmed: () => boolean): pg.Client {
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  const ask = async (...args: unknown[]) => {
    if (args[0] !== 'COMMIT' || !isArmed()) return await query(...args);
    if (when === 'after') await query('COMMIT');
    link.blackHole();
    return await query('COMMIT');
  };
  return Object.assign(client, { query: ask });
}
