import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asActor } from '#server/store/transact.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { type Rows, writeRows } from '#test/support/rows.ts';

const ROW_SECURITY = '42501';

describe('who sees which people', () => {
  let database: TestDatabase;
  let rows: Rows;
  beforeAll(async () => {
    database = await createTestDatabase();
    rows = await writeRows(database.store);
  });
  afterAll(() => database.drop());

  const seenFrom = (areaCode: string) =>
    asActor({ areaCode }, database.store.prisma, async (tx) => {
      const enrollments = await tx.enrollment.findMany({ include: { neighborhood: true } });
      const participants = await tx.participant.count();
      const contributions = await tx.contribution.count();
      const codes = enrollments.map(({ neighborhood }) => neighborhood.code).sort();
      return { codes, participants, contributions };
    });

  test('[SET-19] a connection that names no area sees nobody', async () => {
    for (const table of ['participants', 'enrollments', 'contributions']) {
      const found = await database.store.pool('app').query(`SELECT 1 FROM ${table}`);
      expect(found.rowCount).toBe(0);
    }
    expect(await seenFrom('')).toEqual({ codes: [], participants: 0, contributions: 0 });
  });

  test.each([
    ['12.71', ['12.71.01.1001-001', '12.71.14.1001-001', '12.71.14.1001-0010']],
    ['12.71.01', ['12.71.01.1001-001']],
    ['12.71.14.1001', ['12.71.14.1001-001', '12.71.14.1001-0010']],
    ['12.71.14.1001-001', ['12.71.14.1001-001']],
    ['12.71.1', []],
    ['12.71.02', []],
    ['%', []],
  ])(
    '[SET-20] who answers for %s sees the people of that area and below, and no others',
    async (areaCode, codes) => {
      expect(await seenFrom(areaCode)).toEqual({
        codes,
        participants: codes.length,
        contributions: codes.length,
      });
    },
  );

  test('[SET-20] an area named in one transaction is forgotten in the next', async () => {
    await seenFrom('12.71');
    for (let i = 0; i < 20; i += 1) expect(await database.store.prisma.participant.count()).toBe(0);
  });

  test('[SET-20] who sees people by their area changes none of them', async () => {
    const [participantId] = rows.participants.values();
    const change = asActor({ areaCode: '12.71' }, database.store.prisma, (tx) =>
      tx.participant.updateMany({ where: { id: participantId as string }, data: { isSimulated: true } }),
    );
    expect(await change).toEqual({ count: 0 });
    const add = asActor({ areaCode: '12.71' }, database.store.prisma, (tx) =>
      tx.participant.create({
        data: { id: crypto.randomUUID(), programId: 1, nikHash: Buffer.alloc(32), keyId: 1 },
      }),
    );
    await expect(add).rejects.toMatchObject({ message: expect.stringContaining(ROW_SECURITY) });
  });

  test('[SET-21] the ledger’s own connection sees everyone and writes', async () => {
    const ledger = await database.store.ledgerClient();
    expect((await ledger.query('SELECT 1 FROM participants')).rowCount).toBe(3);
    expect((await ledger.query('UPDATE participants SET is_simulated = true')).rowCount).toBe(3);
    await ledger.end();
  });

  test('[SET-21] the reader counts everyone', async () => {
    const reader = database.store.pool('reader');
    expect((await reader.query('SELECT count(*)::int AS n FROM enrollments')).rows).toEqual([{ n: 3 }]);
    expect((await reader.query('SELECT count(*)::int AS n FROM contributions')).rows).toEqual([{ n: 3 }]);
  });
});
