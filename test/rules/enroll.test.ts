import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '#server/base/refusal.ts';
import type { Actor } from '#server/domain/access/policy.ts';
import { enroll, enrollBatch } from '#server/domain/enrollments/enroll.ts';
import type { EnrollInput } from '#server/domain/enrollments/rules.ts';
import {
  BPJS,
  KEPLING,
  NEIGHBORHOODS,
  openSmallProgram,
  person,
  type SmallProgram,
  SYSTEM,
} from '#test/support/small-program.ts';

const [FIRST, SECOND] = NEIGHBORHOODS as [string, string];
let program: SmallProgram;
let keys = 0;

beforeAll(async () => {
  program = await openSmallProgram();
});
afterAll(() => program.close());

const newKey = () => `enroll ${++keys}`;
const send = (input: EnrollInput, actor: Actor = BPJS, key = newKey()) =>
  enroll(program.intake, actor, key, input);

async function rows(): Promise<readonly number[]> {
  const tables = ['entries', 'postings', 'participants', 'enrollments', 'audit_log', 'idempotency_keys'];
  const { rows: counts } = await program.admin.query<Record<string, number>>(
    `SELECT ${tables.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`).join(', ')}`,
  );
  return Object.values(counts[0] ?? {});
}

async function figuresOf(code: string): Promise<{ enrolled: number; pending: number }> {
  const { rows: found } = await program.admin.query<{ enrolled: number; pending: number }>(
    'SELECT enrolled, pending FROM neighborhood_sums WHERE neighborhood_id = $1',
    [program.area(code).id],
  );
  return found[0] as { enrolled: number; pending: number };
}

describe('an enrollment', () => {
  it('[ENR-6] counts at once by who may verify, and waits outside the count by who may not', async () => {
    const before = await figuresOf(FIRST);
    const counted = await send(person(1, { neighborhood: FIRST }));
    const waiting = await send(person(2, { neighborhood: FIRST }), KEPLING);
    expect(counted).toMatchObject({ written: { status: 'ENROLLED', enrolledOn: '2025-10-29' } });
    expect(waiting).toMatchObject({ written: { status: 'PENDING' } });
    expect(await figuresOf(FIRST)).toEqual({ enrolled: before.enrolled + 1, pending: before.pending + 1 });
  });

  const bad: readonly (readonly [string, Partial<EnrollInput>, string, string | null, string | null])[] = [
    ['a NIK of 15 digits', { nik: '990001010190001' }, 'InvalidNik', 'nik', 'LENGTH'],
    ['a NIK of letters', { nik: 'sembilan' }, 'InvalidNik', 'nik', 'NOT_DIGITS'],
    [
      'a neighborhood that is none',
      { neighborhood: '12.71.01.1001-099' },
      'UnknownNeighborhood',
      'neighborhood',
      null,
    ],
    [
      'a village for a neighborhood',
      { neighborhood: '12.71.01.1001' },
      'UnknownNeighborhood',
      'neighborhood',
      null,
    ],
    ['no name', { name: '  \t ' }, 'InvalidInput', 'name', 'EMPTY'],
    ['a name of 121 characters', { name: 'n'.repeat(121) }, 'InvalidInput', 'name', 'TOO_LONG'],
    ['an occupation of 81', { occupation: 'o'.repeat(81) }, 'InvalidInput', 'occupation', 'TOO_LONG'],
    ['a phone of 25', { phone: '0'.repeat(25) }, 'InvalidInput', 'phone', 'TOO_LONG'],
    ['a birth on no day', { birthDate: '1990-02-30' }, 'InvalidInput', 'birthDate', 'DATE'],
    ['a birth in 1899', { birthDate: '1899-12-31' }, 'InvalidInput', 'birthDate', 'DATE'],
    ['a birth tomorrow', { birthDate: '2025-10-30' }, 'InvalidInput', 'birthDate', 'FUTURE'],
    ['a day that is none', { enrolledOn: '29/10/2025' }, 'InvalidInput', 'enrolledOn', 'DATE'],
    ['an empty day', { enrolledOn: '' }, 'InvalidInput', 'enrolledOn', 'DATE'],
    ['tomorrow', { enrolledOn: '2025-10-30' }, 'InvalidInput', 'enrolledOn', 'FUTURE'],
    ['a day before the launch', { enrolledOn: '2025-05-13' }, 'InvalidInput', 'enrolledOn', 'BEFORE_START'],
  ];
  it.each(bad)(
    '[ENR-7] with %s is refused by name and field, and leaves nothing',
    async (_what, changes, refusal, field, problem) => {
      const before = await rows();
      expect(await send(person(50, changes))).toEqual({ refusal, field, problem });
      expect(await rows()).toEqual(before);
    },
  );

  it('[ENR-7] is kept tidy: spaces folded, the day of today where none is given, any way to write the place', async () => {
    const answer = await send(
      person(3, { name: '  Siti \n Aminah ', occupation: '', neighborhood: ' 12.71.01.1001-II ' }),
    );
    if (isRefusal(answer)) throw new Error(answer.refusal);
    expect(answer.written).toEqual({
      neighborhoodId: program.area(SECOND).id,
      status: 'ENROLLED',
      enrolledOn: '2025-10-29',
    });
    expect(await detailsOf(answer.enrollmentId)).toMatchObject({
      name: 'Siti Aminah',
      occupation: null,
      phone: null,
    });
  });

  it.each(['', ' ', 'x'.repeat(129), 'a\0b', 'line\nbreak', '\ud800'])(
    '[ENR-8] with the key %j is refused for its key',
    async (key) => {
      const before = await rows();
      expect(await send(person(51), BPJS, key)).toMatchObject({
        refusal: 'InvalidInput',
        field: 'idempotencyKey',
      });
      expect(await rows()).toEqual(before);
    },
  );

  it('[ENR-8] said again with its key gets its answer again, and another input none', async () => {
    const key = newKey();
    const first = await send(person(4), BPJS, key);
    const again = await send(person(4, { name: ' Orang  4 ' }), BPJS, key);
    expect(again).toEqual({ ...first, written: null });
    for (const changes of [
      { name: 'Lain' },
      { neighborhood: NEIGHBORHOODS[5] as string },
      { enrolledOn: '2025-10-01' },
    ]) {
      expect(await send(person(4, changes), BPJS, key)).toMatchObject({ refusal: 'IdempotencyConflict' });
    }
    const other = await send(person(5), { ...BPJS, principalId: 909 }, key);
    expect(isRefusal(other)).toBe(false);
  });

  it('[ENR-9] of a NIK that counts or waits already is a duplicate, wherever and whoever, and is credited to the first', async () => {
    await send(person(6, { neighborhood: FIRST }));
    await send(person(7, { neighborhood: FIRST }), KEPLING);
    for (const number of [6, 7]) {
      const again = await send(person(number, { neighborhood: SECOND, name: 'Nama Lain' }));
      expect(again).toEqual({ refusal: 'DuplicateEnrollment', field: 'nik', problem: null });
    }
    const results = await Promise.all(NEIGHBORHOODS.map((neighborhood) => send(person(8, { neighborhood }))));
    expect(results.map((result) => isRefusal(result))).toEqual([false, ...Array<boolean>(11).fill(true)]);
  });

  it('[ENR-10] in a foreign neighborhood is answered as in one that does not exist, by roles of every level', async () => {
    const roles: readonly Actor[] = [
      KEPLING,
      { principalId: 103, role: 'VILLAGE', areaCode: '12.71.01.1001' },
      { principalId: 104, role: 'DISTRICT', areaCode: '12.71.01' },
    ];
    for (const actor of roles) {
      const foreign = await send(person(60, { neighborhood: '12.71.02.1001-001' }), actor);
      const missing = await send(person(60, { neighborhood: '12.71.02.1001-009' }), actor);
      expect(foreign).toEqual(missing);
      expect(foreign).toMatchObject({ refusal: 'UnknownNeighborhood' });
    }
    for (const role of ['ADMIN', 'DIRECTOR', 'LEADERSHIP', 'GOVERNANCE', 'SCREEN'] as const) {
      const answer = await send(person(60), { principalId: 105, role, areaCode: '12.71' });
      expect(answer).toMatchObject({ refusal: 'NotPermitted' });
    }
  });

  it('[ENR-11] before the program is open is for the loader alone', async () => {
    const closed = { ...program.intake, program: () => ({ ...program.intake.program(), isOpen: false }) };
    expect(await enroll(closed, BPJS, newKey(), person(61))).toMatchObject({ refusal: 'ProgramNotOpen' });
    expect(await enroll(closed, SYSTEM, newKey(), person(61))).toMatchObject({ refusal: 'ProgramNotOpen' });
    const loader = { ...closed, isLoader: true };
    expect(isRefusal(await enroll(loader, SYSTEM, newKey(), person(61)))).toBe(false);
  });

  it('[ENR-12] of a batch is judged row by row, in one commit, and a row that is refused leaves the others alone', async () => {
    const people = [person(70), person(71, { nik: '1' }), person(70), person(6), person(72)];
    const outcomes = await enrollBatch(program.intake, BPJS, 'file', people);
    expect(outcomes.map(({ answer }) => (isRefusal(answer) ? answer.refusal : 'accepted'))).toEqual([
      'accepted',
      'InvalidNik',
      'DuplicateEnrollment',
      'DuplicateEnrollment',
      'accepted',
    ]);
    expect(outcomes.map(({ input }) => input)).toEqual(people);
    expect(new Set(outcomes.flatMap(({ answer }) => (isRefusal(answer) ? [] : [answer.revision]))).size).toBe(
      1,
    );
    expect(await enrollBatch(program.intake, BPJS, 'file', [])).toEqual([]);
  });

  it('[ENR-13] keeps a person sealed: no digit and no name is anywhere in the database', async () => {
    const name = 'Tiada Tara';
    const answer = await send(person(80, { name, phone: '08123456789', occupation: 'Nelayan' }));
    if (isRefusal(answer)) throw new Error(answer.refusal);
    const { nik } = person(80);
    const { rows: tables } = await program.admin.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    for (const table of tables) {
      const { rows: found } = await program.admin.query(
        `SELECT 1 FROM ${table.name} AS t WHERE t::text LIKE ANY ($1) LIMIT 1`,
        [
          [nik, name, '08123456789', 'Nelayan'].flatMap((word) => [
            `%${word}%`,
            `%${Buffer.from(word).toString('hex')}%`,
          ]),
        ],
      );
      expect({ table: table.name, found }).toEqual({ table: table.name, found: [] });
    }
    expect(await detailsOf(answer.enrollmentId)).toEqual({
      nik,
      name,
      birthDate: null,
      occupation: 'Nelayan',
      phone: '08123456789',
    });
  });

  it('[ENR-13] opens for its own row alone, and not once it was changed', async () => {
    const { vault } = program.intake;
    const { keyId, sealed } = vault.seal('row 1', 'word');
    expect(vault.open('row 1', keyId, sealed)).toBe('word');
    expect(() => vault.open('row 2', keyId, sealed)).toThrow();
    expect(() => vault.open('row 1', 2, sealed)).toThrow();
    for (const at of [0, 12, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => vault.open('row 1', keyId, changed)).toThrow();
    }
    expect(vault.hashNik('1')).not.toEqual(vault.hashInput('1'));
  });

  it('[ENR-13] is sealed under an IV of its own each time, of which none is seen twice', () => {
    const { vault } = program.intake;
    const ivs = new Set<string>();
    for (let at = 0; at < 3_000; at++) {
      const { keyId, sealed } = vault.seal('row 1', `word ${at}`);
      expect(vault.open('row 1', keyId, sealed)).toBe(`word ${at}`);
      ivs.add(sealed.subarray(0, 12).toString('hex'));
    }
    expect(ivs.size).toBe(3_000);
    expect([...ivs].some((iv) => /^0+$/.test(iv))).toBe(false);
  });
});

async function detailsOf(enrollmentId: string): Promise<unknown> {
  const { rows: found } = await program.admin.query<{ id: string; key_id: number; sealed: Buffer }>(
    'SELECT p.id, p.key_id, p.sealed FROM participants p JOIN enrollments e ON e.participant_id = p.id WHERE e.id = $1',
    [enrollmentId],
  );
  const row = found[0];
  if (!row) throw new Error('nobody');
  return JSON.parse(program.intake.vault.open(row.id, row.key_id, row.sealed));
}
