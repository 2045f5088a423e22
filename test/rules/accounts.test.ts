import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAccount, readName, readSecrets } from '#server/commands/account/wanted.ts';
import { WrongUse } from '#server/commands/open-command.ts';
import { type Accounts, openAccounts } from '#server/domain/access/accounts.ts';
import { PROGRAM_ID } from '#server/domain/program/found-program.ts';
import { CITY, MORNING, openSmallProgram, type SmallProgram } from '#test/support/small-program.ts';

let program: SmallProgram;
let accounts: Accounts;
beforeAll(async () => {
  program = await openSmallProgram();
  accounts = openAccounts(program.store.prisma, { id: PROGRAM_ID, mode: 'LIVE' }, () => MORNING);
});
afterAll(() => program.close());

const read = (...args: string[]) => readAccount(args, program.intake.areas);

describe('an account that is asked for', () => {
  test('[OPS-19] has the area of its role, the city where the role is the city’s', () => {
    expect(read('siti.admin', 'admin')).toEqual({ username: 'siti.admin', role: 'ADMIN', areaCode: CITY });
    expect(read('kepling_7', 'NEIGHBORHOOD', '12.71.14.1001-II')).toMatchObject({
      areaCode: '12.71.14.1001-002',
    });
    expect(readSecrets('BPJS', undefined)).toEqual(['password', 'key']);
    expect(readSecrets('BPJS', 'key')).toEqual(['key']);
    expect(readSecrets('SCREEN', undefined)).toEqual(['key']);
  });

  test.each([
    ['no role', ['budi.santoso'], 'npm run account -- add NAME ROLE'],
    ['a name with capitals and a space', ['Budi Santoso', 'ADMIN'], '3 to 30 small letters'],
    ['a short name', ['ab', 'ADMIN'], '3 to 30 small letters'],
    ['the system itself', ['budi.santoso', 'SYSTEM'], 'One of: ADMIN'],
    ['a property that every object has', ['budi.santoso', 'constructor'], 'One of: ADMIN'],
    ['a role of an area without it', ['budi.santoso', 'DISTRICT'], 'add budi.santoso DISTRICT 12.71.14'],
    ['an area that is not', ['budi.santoso', 'DISTRICT', '12.71.99'], 'there is no such area'],
    ['what is no area', ['budi.santoso', 'DISTRICT', 'Tembung'], 'there is no such area'],
    ['an area of another level', ['budi.santoso', 'VILLAGE', '12.71.14'], 'such as 12.71.14.1001'],
    ['the city’s role in a district', ['budi.santoso', 'ADMIN', '12.71.14'], 'such as 12.71'],
  ])('[OPS-19] %s is refused with what to do instead', (_what, args, advice) => {
    expect(() => read(...args)).toThrow(WrongUse);
    expect(() => read(...args)).toThrow(advice);
  });

  test('[OPS-19] a screen has no password, and there is nothing but passwords and keys', () => {
    expect(() => readSecrets('SCREEN', 'password')).toThrow('a key and no password');
    expect(() => readSecrets('ADMIN', 'finger')).toThrow('password or key');
    expect(() => readName(undefined)).toThrow('npm run account -- add NAME ROLE');
  });

  test('[OPS-19] a name that is taken, nobody’s, or the system’s is left as it is', async () => {
    const account = { username: 'siti.admin', role: 'ADMIN', areaCode: CITY } as const;
    const rows = async () =>
      (await program.admin.query('SELECT * FROM principals ORDER BY id')).rows as { username: string }[];
    expect(await accounts.add(account, ['key'])).toMatchObject({ ...account, password: null });
    const before = await rows();
    expect(await accounts.add({ ...account, role: 'BPJS' }, ['password', 'key'])).toBeNull();
    expect(await accounts.add({ ...account, username: 'system' }, ['key'])).toBeNull();
    for (const name of ['nobody', 'system']) {
      expect(await accounts.renew(name)).toBeNull();
      expect(await accounts.revoke(name)).toBeNull();
    }
    expect(await rows()).toEqual(before);
    expect(before.map(({ username }) => username)).toEqual(['system', 'siti.admin']);
  });

  test('[OPS-18] new secrets are of the kinds it has, and make one that was revoked valid again', async () => {
    const account = { username: 'kantor.bpjs', role: 'BPJS', areaCode: CITY } as const;
    const first = await accounts.add(account, ['key']);
    expect((await accounts.revoke('kantor.bpjs'))?.revokedAt).toEqual(new Date(MORNING));
    const second = await accounts.renew('kantor.bpjs');
    expect(second).toMatchObject({ ...account, password: null });
    expect(second?.key).not.toBe(first?.key);
    expect(await accounts.list()).toContainEqual({ ...account, secrets: ['key'], revokedAt: null });
  });
});
