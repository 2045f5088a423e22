import { randomBytes, randomUUID } from 'node:crypto';
import type { Store } from '#server/store/store.ts';

/** Rows of one program in a database, written past the domain: for tests of the database's own rules. */
export interface Rows {
  readonly programId: number;
  /** By code: two districts of one village and one neighborhood each. */
  readonly areaIds: ReadonlyMap<string, number>;
  /** By neighborhood code: the one participant enrolled there, with one covered month. */
  readonly participants: ReadonlyMap<string, string>;
}

const AREAS = [
  ['12.71', 'CITY', null],
  ['12.71.01', 'DISTRICT', '12.71'],
  ['12.71.01.1001', 'VILLAGE', '12.71.01'],
  ['12.71.01.1001-001', 'NEIGHBORHOOD', '12.71.01.1001'],
  ['12.71.14', 'DISTRICT', '12.71'],
  ['12.71.14.1001', 'VILLAGE', '12.71.14'],
  ['12.71.14.1001-001', 'NEIGHBORHOOD', '12.71.14.1001'],
  ['12.71.14.1001-0010', 'NEIGHBORHOOD', '12.71.14.1001'],
] as const;

export async function writeRows(store: Store, mode: 'DEMO' | 'LIVE' = 'DEMO'): Promise<Rows> {
  const programId = 1;
  await store.prisma.program.create({
    data: {
      id: programId,
      code: 'test',
      name: 'Test',
      mode,
      epoch: randomUUID(),
      cityCode: '12.71',
      targetPerNeighborhood: 25,
      startsOn: new Date('2025-05-14'),
      coverageProtected: 472_068,
      coverageLaborForce: 875_743,
      coverageSource: 'test',
      coverageAsOf: new Date('2025-10-29'),
    },
  });
  const areaIds = new Map<string, number>();
  for (const [code, level, parent] of AREAS) {
    const parentId = parent === null ? null : (areaIds.get(parent) as number);
    const area = await store.prisma.area.create({
      data: { programId, code, level, name: code, shortName: code, parentId },
    });
    areaIds.set(code, area.id);
  }
  const participants = new Map<string, string>();
  const ledger = await store.ledgerClient();
  for (const [code, level] of AREAS) {
    if (level !== 'NEIGHBORHOOD') continue;
    const participantId = randomUUID();
    participants.set(code, participantId);
    await ledger.query(
      'INSERT INTO participants (id, program_id, nik_hash, key_id, sealed) VALUES ($1, $2, $3, 1, $4)',
      [participantId, programId, randomBytes(32), randomBytes(60)],
    );
    await ledger.query(
      `INSERT INTO enrollments (id, program_id, participant_id, neighborhood_id, principal_id, status, enrolled_on, enrolled_revision)
       VALUES ($1, $2, $3, $4, 1, 'ENROLLED', '2025-10-29', 1)`,
      [randomUUID(), programId, participantId, areaIds.get(code)],
    );
    await ledger.query(
      `INSERT INTO contributions (program_id, participant_id, period, paid_on, amount, revision)
       VALUES ($1, $2, '2025-10-01', '2025-10-20', 16800, 1)`,
      [programId, participantId],
    );
  }
  await ledger.query(
    `INSERT INTO postings (program_id, revision, posted_at) VALUES (1, 1, '2025-10-29T01:30:00Z')`,
  );
  await ledger.query(
    `INSERT INTO entries (program_id, revision, position, kind, neighborhood_id, enrolled, pending, target,
       months_none, months_one, months_more, too_new, stopped, paying, in_arrears, lapsed, resumed)
     VALUES (1, 1, 1, 'TARGET', $1, 0, 0, 25, 0, 0, 0, 0, 0, 0, 0, 0, 0)`,
    [areaIds.get('12.71.01.1001-001')],
  );
  await ledger.query(
    `INSERT INTO audit_log (program_id, sequence, at, principal_id, action, subject, revision, previous_hash, hash)
     VALUES (1, 1, '2025-10-29T01:30:00Z', 1, 'test', 'test', 1, '\\x00', '\\x01')`,
  );
  await ledger.end();
  return { programId, areaIds, participants };
}
