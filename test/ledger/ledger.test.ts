import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LedgerAnswer, LedgerCommand } from '#server/ledger/command.ts';
import { GROUP_LIMIT, QUEUE_LIMIT } from '#server/ledger/ledger.ts';
import { LedgerBusy } from '#server/ledger/transactions.ts';
import { heldClock } from '#test/support/held-clock.ts';
import {
  ledgerOn,
  MORNING,
  NEIGHBORHOODS,
  openSmallProgram,
  type SmallProgram,
} from '#test/support/small-program.ts';
import { until } from '#test/support/wait.ts';
import { enrollCommand, keyed, withdrawCommand } from './commands.ts';
import { enrollmentsOf, holdLock, untilWaiting } from './lock.ts';

let program: SmallProgram;
let here: number;
let there: number;
let made = 0;

beforeAll(async () => {
  program = await openSmallProgram();
  here = program.area(NEIGHBORHOODS[0] as string).id;
  there = program.area(NEIGHBORHOODS[1] as string).id;
});
afterAll(() => program.close());

/** A NIK that no other test of this file uses. */
const someone = () => `someone ${++made}`;

async function head(): Promise<number> {
  const { rows } = await program.admin.query<{ revision: number }>('SELECT revision FROM ledger_heads');
  return rows[0]?.revision ?? -1;
}

/** Everything a command may leave behind, counted. */
async function rowCounts(): Promise<object> {
  const tables = ['postings', 'entries', 'participants', 'enrollments', 'audit_log', 'idempotency_keys'];
  const { rows } = await program.admin.query<object>(
    `SELECT ${tables.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`).join(', ')},
            (SELECT revision FROM ledger_heads), (SELECT version::int FROM versions WHERE topic = 'ledger')`,
  );
  return rows[0] ?? {};
}

async function whileLocked(
  commands: readonly LedgerCommand[],
): Promise<readonly PromiseSettledResult<LedgerAnswer>[]> {
  const release = await holdLock(program.admin);
  const answers = Promise.allSettled(commands.map((command) => program.ledger.submit(command)));
  await release();
  return await answers;
}

const revisionOf = (result: PromiseSettledResult<LedgerAnswer> | undefined) =>
  result?.status === 'fulfilled' ? result.value.revision : null;

describe('the ledger', () => {
  it('[LED-7] gives commits gapless revisions in their order, and nothing ever appears below one that was seen', async () => {
    const second = await program.database.open();
    const other = ledgerOn(second, program.clock);
    const before = await head();
    const seen: number[] = [];
    let isWriting = true;
    const reading = (async () => {
      for (let cursor = before; isWriting || cursor < (await head()); ) {
        const { rows } = await program.store
          .pool('reader')
          .query<{ revision: number }>(
            'SELECT revision FROM postings WHERE revision > $1 ORDER BY revision',
            [cursor],
          );
        seen.push(...rows.map(({ revision }) => revision));
        cursor = seen.at(-1) ?? cursor;
      }
    })();
    const writing = [program.ledger, other].map(async (ledger) => {
      for (let round = 0; round < 60; round++) {
        await Promise.all([
          ledger.submit(enrollCommand(someone(), here)),
          ledger.submit(enrollCommand(someone(), there)),
        ]);
      }
    });
    await Promise.all(writing);
    isWriting = false;
    await reading;
    await other.close();
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => before + index + 1));
    expect(seen.at(-1)).toBe(await head());
  });

  it('[LED-8] takes no revision for a duplicate, a no or a repeated command, and posts nothing', async () => {
    const nik = someone();
    const first = enrollCommand(nik, here, { key: keyed(nik, 'first') });
    const accepted = await program.ledger.submit(first);
    await program.ledger.submit(enrollCommand(nik, here, { key: keyed(`${nik} no`, 'again') }));
    const before = await rowCounts();
    expect(await program.ledger.submit(enrollCommand(nik, there))).toMatchObject({ outcome: 'DUPLICATE' });
    expect(await program.ledger.submit(first)).toEqual(accepted);
    expect(
      await program.ledger.submit(withdrawCommand('00000000-0000-0000-0000-000000000000')),
    ).toMatchObject({
      outcome: 'NOT_FOUND',
    });
    expect(
      await program.ledger.submit(enrollCommand(someone(), here, { key: keyed(nik, 'other') })),
    ).toMatchObject({ outcome: 'KEY_CONFLICT' });
    expect(await rowCounts()).toEqual(before);
  });

  it('[LED-9] takes what waits together into one commit, in order, at most 200 at a time', async () => {
    const before = await head();
    const results = await whileLocked(Array.from({ length: 450 }, () => enrollCommand(someone(), here)));
    const revisions = results.map((result) => revisionOf(result));
    const sizes = new Map<number | null, number>();
    for (const revision of revisions) sizes.set(revision, (sizes.get(revision) ?? 0) + 1);
    expect([...sizes]).toEqual([
      [before + 1, 1],
      [before + 2, GROUP_LIMIT],
      [before + 3, GROUP_LIMIT],
      [before + 4, 49],
    ]);
  });

  it('[LED-10] lets a command that breaks fall alone, whatever broke it', async () => {
    const good = Array.from({ length: 5 }, () => enrollCommand(someone(), here));
    const village = program.area('12.71.01.1001').id;
    const withoutSums = enrollCommand(someone(), village);
    const withoutDay = enrollCommand(someone(), here, { enrolledOn: '2025-02-30' });
    const withoutText = enrollCommand(someone(), here, { key: keyed('a\0b', 'x') });
    const before = await head();
    const commands = [good[0], good[1], withoutSums, good[2], withoutDay, good[3], withoutText, good[4]];
    const results = await whileLocked(commands as LedgerCommand[]);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(await head()).toBe(before + 5);
    const { rows } = await program.admin.query('SELECT id FROM participants WHERE nik_hash = ANY ($1)', [
      [withoutSums.nikHash, withoutDay.nikHash, withoutText.nikHash],
    ]);
    expect(rows).toEqual([]);
  });

  it('[LED-11] takes a batch as one commit and one line of audit, or not at all', async () => {
    const before = (await rowCounts()) as Record<string, number>;
    const note = { principalId: 7, action: 'enroll-batch', subject: 'file 1' };
    const twice = someone();
    const answers = await program.ledger.submitBatch(
      [enrollCommand(twice, here), enrollCommand(someone(), there), enrollCommand(twice, there)],
      note,
    );
    expect(answers.map(({ outcome }) => outcome)).toEqual(['ACCEPTED', 'ACCEPTED', 'DUPLICATE']);
    const after = (await rowCounts()) as Record<string, number>;
    expect(after['revision']).toBe((before['revision'] ?? 0) + 1);
    expect(after['audit_log']).toBe((before['audit_log'] ?? 0) + 1);
    await expect(
      program.ledger.submitBatch([enrollCommand(someone(), here), enrollCommand(someone(), -1)], note),
    ).rejects.toThrow();
    await program.ledger.submitBatch([enrollCommand(twice, here)], note);
    expect(await rowCounts()).toEqual(after);
  });

  it('[LED-12] stamps commits with a time that never goes back, over clocks that differ and jump', async () => {
    const second = await program.database.open();
    const clock = heldClock(MORNING + 60_000);
    const [ahead, behind] = [ledgerOn(second, clock), program.ledger];
    const first = await head();
    await ahead.submit(enrollCommand(someone(), here));
    await behind.submit(enrollCommand(someone(), here));
    clock.advance(60_000);
    await ahead.submit(enrollCommand(someone(), here));
    const backwards = ledgerOn(second, clock, { now: () => MORNING - 86_400_000 });
    await backwards.submit(enrollCommand(someone(), here));
    await Promise.all([ahead.close(), backwards.close()]);
    const { rows } = await program.admin.query<{ at: Date }>(
      'SELECT posted_at AS at FROM postings WHERE revision > $1 ORDER BY revision',
      [first],
    );
    const minutes = rows.map(({ at }) => (at.getTime() - MORNING) / 60_000);
    expect(minutes).toEqual([1, 1, 2, 2]);
    const order = await program.admin.query(
      'SELECT 1 FROM postings a JOIN postings b ON b.revision = a.revision + 1 WHERE b.posted_at < a.posted_at',
    );
    expect(order.rows).toEqual([]);
  });

  it('[LED-13] answers after the commit and never before', async () => {
    const heldBack: (() => void)[] = [];
    const ledger = ledgerOn(program.store, program.clock, {
      connect: async () => {
        const client = await program.store.ledgerClient();
        const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
        const ask = async (...args: unknown[]) => {
          if (args[0] === 'COMMIT') await new Promise<void>((resolve) => heldBack.push(resolve));
          return await query(...args);
        };
        return Object.assign(client, { query: ask });
      },
    });
    const command = enrollCommand(someone(), here);
    let answer: LedgerAnswer | null = null;
    const answered = ledger.submit(command).then((given) => {
      answer = given;
    });
    await until('the commit to be asked for', () => heldBack.length === 1);
    // Whatever could settle without the commit has had every chance to.
    await program.admin.query('SELECT 1');
    expect(answer).toBeNull();
    expect(await enrollmentsOf(program.admin, command.nikHash)).toBe(0);
    heldBack[0]?.();
    await answered;
    expect(await enrollmentsOf(program.admin, command.nikHash)).toBe(1);
    await ledger.close();
  });

  it('[LED-27] commits nothing for a neighborhood that has no sums, and its neighbors in the group all the same', async () => {
    const city = program.area('12.71').id;
    const [before, revision] = [await rowCounts(), await head()];
    await expect(program.ledger.submit(enrollCommand(someone(), city))).rejects.toThrow(/no sums/);
    expect(await rowCounts()).toEqual(before);
    const results = await whileLocked([
      enrollCommand(someone(), here),
      enrollCommand(someone(), city),
      enrollCommand(someone(), there),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await head()).toBe(revision + 2);
  });

  it('[LED-27] commits nothing where the head has moved since it was read', async () => {
    const before = await head();
    const ledger = ledgerOn(program.store, program.clock, {
      connect: async () => {
        const client = await program.store.ledgerClient();
        const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
        const ask = async (...args: unknown[]) => {
          const isWrite = (args[0] as { name?: string }).name === 'ledger-write';
          if (isWrite) await program.admin.query('UPDATE ledger_heads SET revision = revision + 1');
          return await query(...args);
        };
        return Object.assign(client, { query: ask });
      },
    });
    const command = enrollCommand(someone(), here);
    const answered = ledger.submit(command);
    await expect(answered).rejects.toThrow(/moved although/);
    expect(await enrollmentsOf(program.admin, command.nikHash)).toBe(0);
    await program.admin.query('UPDATE ledger_heads SET revision = $1', [before]);
    await ledger.close();
  });

  it('[LED-17] refuses what would make the queue longer than its limit, and answers all that is in it', async () => {
    const release = await holdLock(program.admin);
    const nik = someone();
    const before = await head();
    const answers: Promise<LedgerAnswer>[] = [];
    for (let index = 0; index < QUEUE_LIMIT + 1; index++) {
      answers.push(program.ledger.submit(enrollCommand(nik, here)));
    }
    expect(program.ledger.depth).toBe(QUEUE_LIMIT + 1);
    await expect(program.ledger.submit(enrollCommand(nik, here))).rejects.toBeInstanceOf(LedgerBusy);
    await release();
    const outcomes = new Set((await Promise.all(answers)).map(({ outcome }) => outcome));
    expect(outcomes).toEqual(new Set(['ACCEPTED', 'DUPLICATE']));
    expect(await head()).toBe(before + 1);
    expect(program.ledger.depth).toBe(0);
  });

  it('[LED-18] closes after what was submitted, and takes nothing more', async () => {
    const ledger = ledgerOn(program.store, program.clock);
    const release = await holdLock(program.admin);
    const answers = [1, 2, 3].map(() => ledger.submit(enrollCommand(someone(), here)));
    const closed = ledger.close();
    await expect(ledger.submit(enrollCommand(someone(), here))).rejects.toBeInstanceOf(LedgerBusy);
    await release();
    await closed;
    expect((await Promise.all(answers)).map(({ outcome }) => outcome)).toEqual([
      'ACCEPTED',
      'ACCEPTED',
      'ACCEPTED',
    ]);
  });

  it('[LED-19] reads what stands when it holds the lock, also where the database keeps snapshots by default', async () => {
    const settings = { 'kepling.scope': 'ledger', default_transaction_isolation: 'repeatable read' };
    const strict = ledgerOn(program.store, program.clock, {
      connect: () => program.store.client('app', { settings }),
    });
    await strict.submit(enrollCommand(someone(), here));
    const before = await head();
    const release = await holdLock(program.admin);
    const nik = someone();
    const answers = Promise.all([
      program.ledger.submit(enrollCommand(nik, here)),
      strict.submit(enrollCommand(nik, there)),
    ]);
    await untilWaiting(program.admin, 2);
    await release();
    expect((await answers).map(({ outcome }) => outcome).sort()).toEqual(['ACCEPTED', 'DUPLICATE']);
    expect(await head()).toBe(before + 1);
    await strict.close();
  });

  it('[LED-20] gives work of its own the lock to itself: what it throws leaves nothing', async () => {
    const before = await rowCounts();
    const change = { target: 1 };
    const entry = { kind: 'TARGET' as const, neighborhoodId: here, enrollmentId: null, reason: null, change };
    await expect(
      program.ledger.post(async (posting) => {
        posting.append([entry]);
        posting.audit({ principalId: 1, action: 'test', subject: 'test' });
        posting.afterwards(async (client) => void (await client.query('SELECT 1 / 0')));
      }),
    ).rejects.toThrow('division by zero');
    expect(await rowCounts()).toEqual(before);
    const nothing = await program.ledger.post(async () => 'nothing');
    expect(nothing).toEqual({ result: 'nothing', revision: await head() });
    expect(await rowCounts()).toEqual(before);
  });
});
