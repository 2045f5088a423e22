import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '#server/base/refusal.ts';
import type { Actor } from '#server/domain/access/policy.ts';
import { recordContributions } from '#server/domain/contributions/record-contributions.ts';
import { enroll } from '#server/domain/enrollments/enroll.ts';
import type { EnrollInput } from '#server/domain/enrollments/rules.ts';
import { withdraw } from '#server/domain/enrollments/withdraw.ts';
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
const NOBODY = '00000000-0000-0000-0000-000000000000';
let program: SmallProgram;
let keys = 0;

beforeAll(async () => {
  program = await openSmallProgram();
});
afterAll(() => program.close());

const newKey = () => `withdraw ${++keys}`;

async function enrolled(input: EnrollInput, actor: Actor = BPJS): Promise<string> {
  const answer = await enroll(program.intake, actor, newKey(), input);
  if (isRefusal(answer)) throw new Error(answer.refusal);
  return answer.enrollmentId;
}

const takeOut = (enrollmentId: string, changes: object = {}, actor = BPJS, key = newKey()) =>
  withdraw(program.intake, actor, key, { enrollmentId, reason: 'OWN_REQUEST', ...changes });

async function sums(code: string): Promise<Record<string, number>> {
  const { rows } = await program.admin.query<Record<string, number>>(
    `SELECT enrolled, pending, months_none, months_one, months_more, too_new FROM neighborhood_sums
      WHERE neighborhood_id = $1`,
    [program.area(code).id],
  );
  return rows[0] ?? {};
}

describe('a withdrawal', () => {
  it('[ENR-14] takes out of the count exactly what came in, with its reason, and leaves the enrollment in the books', async () => {
    const before = await sums(FIRST);
    const id = await enrolled(person(1, { neighborhood: FIRST }));
    const waiting = await enrolled(person(2, { neighborhood: FIRST }), KEPLING);
    const answer = await takeOut(id, { reason: 'MOVED_AWAY' });
    expect(answer).toMatchObject({ enrollmentId: id, written: null });
    await takeOut(waiting);
    expect(await sums(FIRST)).toEqual(before);
    const { rows } = await program.admin.query(
      `SELECT e.status, e.withdraw_reason AS reason, n.kind, n.reason AS told, n.enrolled
         FROM enrollments e JOIN entries n ON n.enrollment_id = e.id WHERE e.id = $1 ORDER BY n.revision`,
      [id],
    );
    expect(rows).toEqual([
      { status: 'WITHDRAWN', reason: 'MOVED_AWAY', kind: 'ENROLLED', told: null, enrolled: 1 },
      { status: 'WITHDRAWN', reason: 'MOVED_AWAY', kind: 'WITHDRAWN', told: 'MOVED_AWAY', enrolled: -1 },
    ]);
  });

  it('[ENR-15] happens once: a second one is told so, and a repeated one gets the first answer', async () => {
    const id = await enrolled(person(3));
    const key = newKey();
    const [first, other] = await Promise.all([takeOut(id, {}, BPJS, key), takeOut(id)]);
    expect([first, other].filter((answer) => isRefusal(answer))).toEqual([
      { refusal: 'AlreadyWithdrawn', field: 'enrollment', problem: null },
    ]);
    expect(await takeOut(id, {}, BPJS, key)).toEqual(first);
    expect(await takeOut(id, { reason: 'DECEASED' }, BPJS, key)).toMatchObject({
      refusal: 'IdempotencyConflict',
    });
    expect(await takeOut(NOBODY)).toMatchObject({ refusal: 'UnknownEnrollment' });
  });

  it('[ENR-16] frees the person to enroll again, elsewhere too, with the months that were paid', async () => {
    const input = person(4, { neighborhood: FIRST, enrolledOn: '2025-08-10' });
    const id = await enrolled(input);
    await recordContributions(program.intake, SYSTEM, 'test', [
      { nik: input.nik, period: '2025-08', paidOn: '2025-08-20', amount: 16_800 },
      { nik: input.nik, period: '2025-09', paidOn: '2025-09-20', amount: 16_800 },
    ]);
    await takeOut(id);
    const before = await sums(SECOND);
    const again = await enrolled({ ...input, neighborhood: SECOND });
    expect(again).not.toBe(id);
    expect(await sums(SECOND)).toEqual({
      ...before,
      enrolled: (before['enrolled'] ?? 0) + 1,
      months_more: (before['months_more'] ?? 0) + 1,
      too_new: (before['too_new'] ?? 0) + 1,
    });
    const { rows } = await program.admin.query(
      'SELECT DISTINCT participant_id FROM enrollments WHERE id = ANY ($1)',
      [[id, again]],
    );
    expect(rows).toHaveLength(1);
    expect(await enroll(program.intake, BPJS, newKey(), input)).toMatchObject({
      refusal: 'DuplicateEnrollment',
    });
  });

  it('[ENR-17] keeps its note sealed, and refuses one that is too long', async () => {
    const id = await enrolled(person(5));
    expect(await takeOut(id, { note: 'n'.repeat(501) })).toMatchObject({
      refusal: 'InvalidInput',
      field: 'note',
    });
    await takeOut(id, { note: '  pindah ke Binjai ' });
    const { rows } = await program.admin.query<{ note: Buffer; key: number }>(
      'SELECT withdraw_note AS note, note_key_id AS key FROM enrollments WHERE id = $1',
      [id],
    );
    const { note, key } = rows[0] as { note: Buffer; key: number };
    expect(note.includes('Binjai')).toBe(false);
    expect(program.intake.vault.open(id, key, note)).toBe('pindah ke Binjai');
  });

  it('[ENR-18] is for the roles that answer for the whole city', async () => {
    const id = await enrolled(person(6));
    for (const role of ['ADMIN', 'DIRECTOR', 'LEADERSHIP', 'SCREEN'] as const) {
      const answer = await takeOut(id, {}, { principalId: 9, role, areaCode: '12.71' });
      expect(answer).toMatchObject({ refusal: 'NotPermitted' });
    }
    for (const role of ['DISTRICT', 'VILLAGE', 'NEIGHBORHOOD'] as const) {
      const answer = await takeOut(id, {}, { principalId: 9, role, areaCode: '12.71.01' });
      expect(answer).toMatchObject({ refusal: 'NotPermitted' });
    }
    expect(isRefusal(await takeOut(id, {}, { principalId: 9, role: 'GOVERNANCE', areaCode: '12.71' }))).toBe(
      false,
    );
  });
});
