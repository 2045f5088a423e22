import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#test/support/folder.ts';

const root = path.resolve(import.meta.dirname, '../..');

test('[HOU-2] the generated database client is the one that the schema gives', () => {
  const folder = temporaryFolder();
  cpSync(path.join(root, 'prisma/schema'), path.join(folder, 'schema'), { recursive: true });
  execFileSync(process.execPath, ['tools/generate.mjs', path.join(folder, 'schema')], { cwd: root });
  const fresh = filesBelow(path.join(folder, 'generated'));
  expect(fresh.size).toBeGreaterThan(10);
  expect(filesBelow(path.join(root, 'prisma/generated'))).toEqual(fresh);
});

function filesBelow(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.stamp')
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
  return new Map(names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}
