import { type Account, LEVEL_OF_ROLE, type Secret } from '#server/domain/access/accounts.ts';
import type { Role } from '#server/domain/access/policy.ts';
import { type AreaLevel, parseAreaCode } from '#server/domain/areas/area-code.ts';
import type { AreaIndex } from '#server/domain/areas/area-index.ts';
import { WrongUse } from '../open-command.ts';

export const USAGE = `npm run account -- add NAME ROLE [AREA] [--only password|key]
npm run account -- renew NAME    (a new password and key; the old ones end)
npm run account -- revoke NAME
npm run account -- list

  ROLE, ROLE AREA: ${Object.entries(LEVEL_OF_ROLE)
    .map(([role, level]) => (level === 'CITY' ? role : `${role} ${exampleOf(level)}`))
    .join(', ')}`;

/** What better-auth signs in: a name that differs from others in more than its capitals. */
const NAME = /^[a-z0-9_.]{3,30}$/;

/** Throws WrongUse where it cannot be a name. */
export function readName(written: string | undefined): string {
  if (written === undefined) throw new WrongUse(USAGE);
  if (NAME.test(written)) return written;
  throw new WrongUse(
    `${written}: nama tidak sah · no name: it has to have 3 to 30 small letters, digits, dots or underscores, such as siti.admin`,
  );
}

/** The account that is asked for, as the program knows it. Throws WrongUse where there can be none such. */
export function readAccount(
  [written, writtenRole, writtenArea]: readonly (string | undefined)[],
  areas: AreaIndex,
): Account {
  const username = readName(written);
  if (writtenRole === undefined) throw new WrongUse(USAGE);
  const role = writtenRole.toUpperCase();
  if (!isGivenRole(role)) {
    throw new WrongUse(
      `${writtenRole}: peran tidak dikenal · no role. One of: ${Object.keys(LEVEL_OF_ROLE).join(', ')}`,
    );
  }
  const level = LEVEL_OF_ROLE[role];
  if (writtenArea === undefined) {
    if (level === 'CITY') return { username, role, areaCode: areas.city.code };
    throw new WrongUse(
      `${role}: sebut wilayahnya · name its area, of level ${level}: npm run account -- add ${username} ${role} ${exampleOf(level)}`,
    );
  }
  const area = areas.byCode(parseAreaCode(writtenArea) ?? '');
  if (area?.level === level) return { username, role, areaCode: area.code };
  const found = area ? `${area.name} (${area.level})` : 'tidak ada · there is no such area';
  throw new WrongUse(
    `${writtenArea}: ${found}. ${role} menjawab untuk · answers for an area of level ${level}, such as ${exampleOf(level)}`,
  );
}

/** Which secrets it gets; nobody signs in at a screen. Throws WrongUse. */
export function readSecrets(role: Role, only: string | undefined): readonly Secret[] {
  if (only !== undefined && only !== 'password' && only !== 'key')
    throw new WrongUse(`--only ${only}: password atau key · password or key\n${USAGE}`);
  if (role !== 'SCREEN') return only ? [only] : ['password', 'key'];
  if (only === 'password')
    throw new WrongUse('SCREEN: layar memakai kunci saja · a screen has a key and no password');
  return ['key'];
}

function isGivenRole(text: string): text is keyof typeof LEVEL_OF_ROLE {
  return Object.hasOwn(LEVEL_OF_ROLE, text);
}

function exampleOf(level: AreaLevel): string {
  return { CITY: '12.71', DISTRICT: '12.71.14', VILLAGE: '12.71.14.1001', NEIGHBORHOOD: '12.71.14.1001-001' }[
    level
  ];
}
