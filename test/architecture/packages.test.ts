import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { missingFrom, readPackages } from './packages.ts';
import { root } from './project-files.ts';

describe('THIRD_PARTY.md', () => {
  it('[HOU-12] names every package of package.json with its license', () => {
    const packages = readPackages(root);
    expect(packages.length).toBeGreaterThan(20);
    expect(missingFrom(readFileSync(path.join(root, 'THIRD_PARTY.md'), 'utf8'), packages)).toEqual([]);
  });

  it('[HOU-12] does not pass when one is missing or has changed its license', () => {
    const packages = [
      { name: 'kept', version: '1.0.0', license: 'MIT' },
      { name: 'changed', version: '2.0.0', license: 'SSPL-1.0' },
      { name: 'new', version: '3.0.0', license: 'ISC' },
    ];
    expect(missingFrom('| `kept` | MIT | x |\n| `changed` | MIT | y |', packages)).toEqual([
      'THIRD_PARTY.md: changed is under SSPL-1.0, not MIT',
      'THIRD_PARTY.md: new is missing; its license is ISC',
    ]);
  });
});
