import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDemonstration } from '#server/commands/demo/load.ts';
import { readAreaIndex } from '#server/domain/areas/area-index.ts';
import { readAreaTree } from '#server/domain/areas/read-area-tree.ts';
import { classify } from '#server/domain/contributions/persistency.ts';
import { enroll } from '#server/domain/enrollments/enroll.ts';
import { MEDAN_CHARTER } from '#server/domain/program/charter.ts';
import { foundProgram, PROGRAM_ID } from '#server/domain/program/found-program.ts';
import { postTargets } from '#server/domain/program/post-targets.ts';
import { createProgramClock } from '#server/domain/program/program-clock.ts';
import { createLedger, type Ledger } from '#server/ledger/ledger.ts';
import { type Program, programTime, readProgram } from '#server/ledger/program.ts';
import { checkSums } from '#server/live/check-sums.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { heldClock } from '#test/support/held-clock.ts';
import { BPJS, openSmallProgram, person, SYSTEM, testVault } from '#test/support/small-program.ts';

/** A slow machine takes long over it; a quick one some seconds. */
const LONG_MS = 90_000;

/** Days of the plan that are loaded here, of 169: enough for weekdays, payments and closings. */
const DAYS = 9;
const BROKEN = 'broken off';

/** One load of the demonstration's first days, which `ledger` may break off. */
async function load(database: TestDatabase, breakable: (ledger: Ledger) => Ledger): Promise<void> {
  const { store } = database;
  const pool = store.pool('app');
  const program = (await readProgram(pool, MEDAN_CHARTER.code)) as Program;
  const programClock = createProgramClock(() => program.postedAt);
  const ledger = createLedger({
    programId: PROGRAM_ID,
    connect: store.ledgerClient,
    now: programClock.now,
    classify,
    ring: () => {},
  });
  const areas = await readAreaIndex(pool, PROGRAM_ID);
  await postTargets(ledger, SYSTEM.principalId, PROGRAM_ID, areas, program.targetPerNeighborhood);
  const intake = {
    program: () => program,
    now: programClock.now,
    areas,
    ledger: breakable(ledger),
    vault: testVault(),
  };
  await loadDemonstration({
    intake,
    programClock,
    actor: SYSTEM,
    prisma: store.prisma,
    pool,
    wall: heldClock(),
    analyze: async () => {},
    ring: () => {},
    progress: (done) => {
      if (done === DAYS) throw new Error(BROKEN);
    },
  }).catch((error: Error) => {
    if (error.message !== BROKEN) throw error;
  });
  await ledger.close();
}

/** Breaks off at the given call, counted over batches and postings: before it, or after its commit. */
function breakingAt(call: number, when: 'before' | 'after'): (ledger: Ledger) => Ledger {
  let calls = 0;
  async function at<T>(work: () => Promise<T>): Promise<T> {
    calls += 1;
    if (calls === call && when === 'before') throw new Error(BROKEN);
    const result = await work();
    if (calls === call) throw new Error(BROKEN);
    return result;
  }
  return (ledger) => ({
    ...ledger,
    submitBatch: (commands, note) => at(() => ledger.submitBatch(commands, note)),
    post: (work) => at(() => ledger.post(work)),
  });
}

async function found(database: TestDatabase): Promise<void> {
  await foundProgram(database.store.prisma, MEDAN_CHARTER, 'DEMO', readAreaTree(), Date.now());
}

/** Everything that was loaded, but for the ids that are drawn anew each time. */
async function contents(database: TestDatabase): Promise<Record<string, unknown[]>> {
  const admin = await database.admin();
  const tables = {
    head: 'SELECT revision, posted_at, closed_day::text FROM ledger_heads',
    postings: 'SELECT * FROM postings ORDER BY revision',
    entries: `SELECT to_jsonb(e) - 'enrollment_id' AS row FROM entries e ORDER BY revision, position`,
    sums: 'SELECT * FROM neighborhood_sums ORDER BY neighborhood_id',
    closings:
      'SELECT c.day::text, c.revision, sum(s.enrolled) FROM closings c JOIN closing_sums s USING (day) GROUP BY 1, 2 ORDER BY 1',
    people: `SELECT encode(nik_hash, 'hex') AS nik, e.neighborhood_id, e.enrolled_on::text, e.months_covered, e.persistency, e.enrolled_revision
               FROM participants p JOIN enrollments e ON e.participant_id = p.id ORDER BY 1`,
    contributions: `SELECT encode(nik_hash, 'hex') AS nik, period::text, paid_on::text FROM contributions c
                      JOIN participants p ON p.id = c.participant_id ORDER BY 1, 2`,
    audit: 'SELECT action, subject, revision, at FROM audit_log ORDER BY sequence',
  };
  const read: Record<string, unknown[]> = {};
  for (const [name, statement] of Object.entries(tables)) read[name] = (await admin.query(statement)).rows;
  return read;
}

describe('loading the demonstration', () => {
  let whole: TestDatabase;
  let broken: TestDatabase;
  beforeAll(async () => {
    [whole, broken] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await Promise.all([found(whole), found(broken)]);
  });
  afterAll(() => Promise.all([whole.drop(), broken.drop()]));

  it('[PRG-9] broken off anywhere and started again ends in the same books, to the revision', {
    timeout: LONG_MS,
  }, async () => {
    await load(whole, (ledger) => ledger);
    await load(broken, breakingAt(1, 'after'));
    await load(broken, breakingAt(7, 'before'));
    await load(broken, breakingAt(2, 'after'));
    await load(broken, (ledger) => ledger);
    const [expected, actual] = await Promise.all([contents(whole), contents(broken)]);
    expect(expected['closings']).toHaveLength(DAYS);
    expect(expected['people']?.length).toBeGreaterThan(200);
    expect(expected['contributions']?.length).toBeGreaterThan(5);
    for (const name of Object.keys(expected))
      expect({ name, rows: actual[name] }).toEqual({ name, rows: expected[name] });
    expect(await checkSums(broken.store.pool('reader'), PROGRAM_ID, null)).toEqual([]);
  });

  it('[PRG-13] posts people at four in the afternoon of their day, and closes each day when it has ended', async () => {
    const admin = await whole.admin();
    const { rows: wrong } = await admin.query(
      `SELECT e.enrolled_on, p.posted_at FROM enrollments e JOIN postings p ON p.revision = e.enrolled_revision
        WHERE p.posted_at <> (e.enrolled_on + time '16:00') AT TIME ZONE 'Asia/Jakarta'`,
    );
    expect(wrong).toEqual([]);
    const { rows: late } = await admin.query(
      `SELECT subject, at FROM audit_log
        WHERE action = 'close-day' AND at <> (subject::date + 1)::timestamp AT TIME ZONE 'Asia/Jakarta'`,
    );
    expect(late).toEqual([]);
  });
});

describe('a program', () => {
  it('[PRG-10] has every target as its first revision, posted once however often it starts', async () => {
    const program = await openSmallProgram({ hasTargets: false });
    const { intake, ledger, admin } = program;
    const post = () => postTargets(ledger, SYSTEM.principalId, PROGRAM_ID, intake.areas, 25);
    expect(await post()).toBe(1);
    await enroll(intake, BPJS, 'k', person(1));
    expect(await post()).toBe(2);
    const { rows } = await admin.query(
      'SELECT kind, count(*)::int, sum(target)::int AS target FROM entries GROUP BY kind ORDER BY kind',
    );
    expect(rows).toEqual([
      { kind: 'TARGET', count: 12, target: 300 },
      { kind: 'ENROLLED', count: 1, target: 0 },
    ]);
    await program.close();
  });

  it('[INS-3] is founded once by servers that begin at the same moment, and the others find it as it is', async () => {
    const database = await createTestDatabase();
    await Promise.all(Array.from({ length: 3 }, () => found(database)));
    const first = await readProgram(database.store.pool('app'), MEDAN_CHARTER.code);
    await found(database);
    expect(await readProgram(database.store.pool('app'), MEDAN_CHARTER.code)).toEqual(first);
    const { rows } = await (await database.admin()).query(
      `SELECT (SELECT count(*)::int FROM programs) AS programs, (SELECT count(*)::int FROM areas) AS areas,
              (SELECT count(*)::int FROM principals) AS principals`,
    );
    expect(rows).toEqual([{ programs: 1, areas: readAreaTree().length, principals: 1 }]);
    await database.drop();
  });

  it('[PRG-11] is founded whole or not at all', async () => {
    const database = await createTestDatabase();
    const twice = [...readAreaTree().slice(0, 5), ...readAreaTree().slice(4, 5)];
    await expect(foundProgram(database.store.prisma, MEDAN_CHARTER, 'DEMO', twice, 0)).rejects.toThrow();
    expect(await readProgram(database.store.pool('app'), MEDAN_CHARTER.code)).toBeNull();
    await found(database);
    const program = await readProgram(database.store.pool('app'), MEDAN_CHARTER.code);
    expect(program).toMatchObject({
      mode: 'DEMO',
      isOpen: false,
      targetOn: null,
      coverage: MEDAN_CHARTER.coverage,
    });
    await database.drop();
  });

  it('[PRG-12] runs by the wall less its offset once it is open, and stands at its newest posting before', async () => {
    const closed = { isOpen: false, clockOffsetMs: 500 } as Program;
    expect(programTime(closed, 10_000, 42)).toBe(42);
    expect(programTime({ ...closed, isOpen: true }, 10_000, 42)).toBe(9_500);
    let running = 1;
    const clock = createProgramClock(() => running);
    clock.hold(7);
    running = 2;
    expect(clock.now()).toBe(7);
    clock.hold(null);
    expect(clock.now()).toBe(2);
  });
});
