import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDays } from '#server/domain/contributions/close-day.ts';
import { enroll, enrollBatch } from '#server/domain/enrollments/enroll.ts';
import { withdraw } from '#server/domain/enrollments/withdraw.ts';
import { BPJS, openSmallProgram, person, type SmallProgram, SYSTEM } from '#test/support/small-program.ts';

const DAY_MS = 86_400_000;
let program: SmallProgram;

beforeAll(async () => {
  program = await openSmallProgram();
  const { intake } = program;
  const first = await enroll(intake, BPJS, 'a', person(1));
  await Promise.all([2, 3, 4].map((number) => enroll(intake, BPJS, `a${number}`, person(number))));
  await enrollBatch(intake, BPJS, 'file 1', [person(5), person(6), person(1)]);
  if ('enrollmentId' in first) {
    await withdraw(intake, BPJS, 'b', {
      enrollmentId: first.enrollmentId,
      reason: 'OWN_REQUEST',
      note: 'sendiri',
    });
  }
  program.clock.advance(4 * DAY_MS);
  await closeDays(intake, SYSTEM);
});
afterAll(() => program.close());

interface Row {
  sequence: bigint;
  at: Date;
  principalId: number;
  action: string;
  subject: string;
  revision: number;
  previousHash: Buffer;
  hash: Buffer;
}

async function chain(): Promise<readonly Row[]> {
  const { rows } = await program.store.pool('reader').query<Row>(
    `SELECT sequence, at, principal_id AS "principalId", action, subject, revision, previous_hash AS "previousHash", hash
       FROM audit_log ORDER BY sequence`,
  );
  return rows;
}

/** Written out a second time: an auditor has no more than the rows and a word on how they are chained. */
function hashOf(previous: Buffer, row: Row): Buffer {
  const words = [
    String(row.sequence),
    row.at.toISOString(),
    row.principalId,
    row.action,
    row.subject,
    row.revision,
  ];
  return createHash('sha256')
    .update(Buffer.concat([previous, Buffer.from(JSON.stringify(words))]))
    .digest();
}

/** The sequence of the first row that does not hold; null where all do, up to the ledger's head. */
async function firstBroken(): Promise<number | null> {
  let previous: Buffer = Buffer.alloc(32);
  let expected = 1n;
  for (const row of await chain()) {
    const isNext = row.sequence === expected && row.previousHash.equals(previous);
    if (!isNext || !row.hash.equals(hashOf(previous, row))) return Number(expected);
    previous = row.hash;
    expected += 1n;
  }
  const { rows } = await program.admin.query<{ hash: Buffer }>('SELECT audit_hash AS hash FROM ledger_heads');
  return rows[0]?.hash.equals(previous) ? null : Number(expected);
}

/** What only a superuser can do, with the triggers out of the way; put back afterwards. */
async function tampered(statement: string, look: () => Promise<void>): Promise<void> {
  const { admin } = program;
  await admin.query('SET session_replication_role = replica; CREATE TEMP TABLE kept AS TABLE audit_log');
  try {
    await admin.query(statement);
    await look();
  } finally {
    await admin.query(
      'TRUNCATE audit_log; INSERT INTO audit_log SELECT * FROM kept; DROP TABLE kept; SET session_replication_role = origin',
    );
  }
}

describe('the audit', () => {
  it('[LED-23] has one line for each command and batch that changed something, with its revision', async () => {
    const lines = (await chain()).filter(({ action }) => action !== 'close-day');
    expect(lines.map(({ action }) => action)).toEqual([
      'post-targets',
      'enroll',
      'enroll',
      'enroll',
      'enroll',
      'enroll-batch',
      'withdraw',
    ]);
    expect(lines.map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 4, 5, 6]);
    expect((await chain()).filter(({ action }) => action === 'close-day')).toHaveLength(5);
  });

  it('[LED-23] names ids and never a person', async () => {
    const text = JSON.stringify((await chain()).map(({ subject }) => subject));
    expect(text).not.toMatch(/Orang|9900\d{8}|sendiri/);
  });

  it('[LED-24] is a chain whose every link holds', async () => {
    expect(await firstBroken()).toBeNull();
  });

  it.each([
    ['a changed word', `UPDATE audit_log SET subject = 'other' WHERE sequence = 3`, 3],
    ['a changed time', `UPDATE audit_log SET at = at + interval '1 ms' WHERE sequence = 4`, 4],
    ['a changed revision', 'UPDATE audit_log SET revision = 9 WHERE sequence = 2', 2],
    ['a removed line', 'DELETE FROM audit_log WHERE sequence = 5', 5],
    [
      'two lines that changed places',
      `UPDATE audit_log SET sequence = CASE sequence WHEN 6 THEN -7 ELSE -6 END WHERE sequence IN (6, 7);
       UPDATE audit_log SET sequence = -sequence WHERE sequence < 0`,
      6,
    ],
    ['a cut end', 'DELETE FROM audit_log WHERE sequence > 10', 11],
  ])('[LED-24] breaks at %s', async (_what, statement, sequence) => {
    await tampered(statement, async () => expect(await firstBroken()).toBe(sequence));
    expect(await firstBroken()).toBeNull();
  });

  it('[LED-25] and entries and postings refuse every change to everybody, a superuser included', async () => {
    for (const table of ['audit_log', 'entries', 'postings']) {
      for (const statement of [`UPDATE ${table} SET revision = revision`, `DELETE FROM ${table}`]) {
        await expect(program.admin.query(statement)).rejects.toMatchObject({ code: '23001' });
        await expect(program.store.pool('owner').query(statement)).rejects.toMatchObject({ code: '23001' });
        await expect(program.store.pool('app').query(statement)).rejects.toMatchObject({ code: '42501' });
      }
    }
  });
});
