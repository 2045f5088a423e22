import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueDemonstrationAccounts } from '#server/domain/access/demonstration-accounts.ts';
import { hashKey, newKey } from '#server/domain/access/keys.ts';
import { type Action, may, ROLES, type Role } from '#server/domain/access/policy.ts';
import { createPrincipals } from '#server/domain/access/principals.ts';
import { systemActor } from '#server/domain/access/system-actor.ts';
import { maySeeArea } from '#server/domain/access/visibility.ts';
import { PROGRAM_ID, SYSTEM_USERNAME } from '#server/domain/program/found-program.ts';
import { openSmallProgram, type SmallProgram } from '#test/support/small-program.ts';

const ACTIONS: readonly Action[] = ['enroll', 'verify', 'withdraw', 'read-areas', 'read-enrollments'];

/** Who may what, written out a second time: a cell that changes must be changed here, too. */
const TABLE: Readonly<Record<Role, string>> = {
  //            enroll verify withdraw areas enrollments
  ADMIN: '      -      -      -        yes   -',
  BPJS: '       yes    yes    yes      yes   yes',
  DIRECTOR: '   -      -      -        yes   -',
  LEADERSHIP: ' -      -      -        yes   -',
  GOVERNANCE: ' -      -      yes      yes   yes',
  DISTRICT: '   yes    -      -        yes   yes',
  VILLAGE: '    yes    -      -        yes   yes',
  NEIGHBORHOOD: 'yes   -      -        yes   yes',
  SCREEN: '     -      -      -        -     -',
  SYSTEM: '     yes    yes    yes      yes   yes',
};

let program: SmallProgram;
beforeAll(async () => {
  program = await openSmallProgram({ hasTargets: false });
});
afterAll(() => program.close());

describe('the policy', () => {
  it.each(ROLES)('[ACC-1] lets %s do what its row says and nothing else', (role) => {
    const expected = TABLE[role]
      .trim()
      .split(/\s+/)
      .map((cell) => cell === 'yes');
    expect(expected).toHaveLength(ACTIONS.length);
    const actor = { principalId: 1, role, areaCode: '12.71' };
    expect(ACTIONS.map((action) => may(actor, action))).toEqual(expected);
  });

  it('[ACC-2] lets nobody verify who answers for less than the city', () => {
    for (const role of ['DISTRICT', 'VILLAGE', 'NEIGHBORHOOD'] as const) {
      for (const action of ['verify', 'withdraw'] as const) {
        expect(may({ principalId: 1, role, areaCode: '12.71.01' }, action)).toBe(false);
      }
    }
  });

  const own = '12.71.01.1001';
  it.each([
    [null, ['12.71', '12.71.01', '12.71.02', '12.71.14']],
    ['12.71.01.1001-001', ['12.71.01.1001-001']],
    [own, [own, `${own}-001`, `${own}-002`]],
    ['12.71.01', ['12.71.01.1002', '12.71.01.1002-002', own, `${own}-001`]],
  ] as const)(
    '[ACC-3] shows city and districts to everyone, and below them to %s what lies inside',
    (scope, some) => {
      const { areas } = program.intake;
      const seen = areas.all.filter((area) => maySeeArea(areas, scope, area)).map(({ code }) => code);
      for (const code of some) expect(seen).toContain(code);
      for (const area of areas.all) {
        const isHigh = area.level === 'CITY' || area.level === 'DISTRICT';
        const isInside =
          scope !== null &&
          (area.code === scope || area.code.startsWith(`${scope}.`) || area.code.startsWith(`${scope}-`));
        expect({ code: area.code, isSeen: seen.includes(area.code) }).toEqual({
          code: area.code,
          isSeen: isHigh || isInside,
        });
      }
    },
  );

  it('[ACC-3] shows the whole city to whoever answers for it, and nothing of a code that only begins alike', () => {
    const { areas } = program.intake;
    expect(areas.all.every((area) => maySeeArea(areas, '12.71', area))).toBe(true);
    const village = program.area('12.71.14.1001');
    expect(maySeeArea(areas, '12.71.1', village)).toBe(false);
    expect(maySeeArea(areas, '', village)).toBe(false);
  });

  it('[ACC-4] keeps a key as a hash alone, and knows its bearer until grants change', async () => {
    const { prisma } = program.store;
    const principals = createPrincipals(prisma, PROGRAM_ID);
    const accounts = await issueDemonstrationAccounts(prisma, PROGRAM_ID, new Date());
    const bpjs = accounts.find(({ role }) => role === 'bpjs');
    if (!bpjs) throw new Error('no bpjs');
    expect(await principals.byKey(bpjs.key)).toMatchObject({ role: 'BPJS', areaCode: '12.71' });
    expect(await principals.byKey(newKey())).toBeNull();
    const { rows } = await program.admin.query<{ text: string; hash: Buffer }>(
      `SELECT principals::text AS text, key_hash AS hash FROM principals WHERE username = 'bpjs'`,
    );
    expect(rows[0]?.text).not.toContain(bpjs.key);
    expect(rows[0]?.hash.equals(hashKey(bpjs.key))).toBe(true);

    await prisma.principal.update({
      where: { programId_username: { programId: PROGRAM_ID, username: 'bpjs' } },
      data: { revokedAt: new Date() },
    });
    principals.forget();
    expect(await principals.byKey(bpjs.key)).toBeNull();
  });

  it('[ACC-5] gives every role of the demonstration one account, and new keys that end the old', async () => {
    const { prisma } = program.store;
    const first = await issueDemonstrationAccounts(prisma, PROGRAM_ID, new Date());
    const second = await issueDemonstrationAccounts(prisma, PROGRAM_ID, new Date());
    const principals = createPrincipals(prisma, PROGRAM_ID);
    expect(second.map(({ role }) => role.toUpperCase()).sort()).toEqual(
      ROLES.filter((role) => role !== 'SYSTEM').sort(),
    );
    for (const { key } of first) expect(await principals.byKey(key)).toBeNull();
    for (const { key, role, area } of second) {
      expect(await principals.byKey(key)).toMatchObject({ role: role.toUpperCase(), areaCode: area });
    }
    expect(await systemActor(prisma, PROGRAM_ID, SYSTEM_USERNAME)).toMatchObject({ role: 'SYSTEM' });
    const { rows } = await program.admin.query('SELECT 1 FROM principals WHERE key_hash IS NULL');
    expect(rows).toHaveLength(1);
  });
});
