import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** The packages that `package.json` names, with the license that each names itself; its text may say more. */
export function readPackages(root: string): Package[] {
  const manifest = readJson(path.join(root, 'package.json'));
  const versions = {
    ...(manifest.dependencies as Record<string, string>),
    ...(manifest.devDependencies as Record<string, string>),
  };
  return Object.entries(versions).map(([name, version]) => {
    const { license } = readJson(path.join(root, 'node_modules', name, 'package.json'));
    return { name, version, license: typeof license === 'string' ? license : 'unstated' };
  });
}

/** One line for each package that `THIRD_PARTY.md` does not name, or names with another license. */
export function missingFrom(thirdParty: string, packages: readonly Package[]): string[] {
  const named = new Map(
    [...thirdParty.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)].map(([, name = '', license = '']) => [
      name,
      license.trim(),
    ]),
  );
  return packages.flatMap(({ name, license }) => {
    const written = named.get(name);
    if (written === undefined) return [`THIRD_PARTY.md: ${name} is missing; its license is ${license}`];
    return written === license ? [] : [`THIRD_PARTY.md: ${name} is under ${license}, not ${written}`];
  });
}

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}
