import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#test/support/folder.ts';

const root = path.resolve(import.meta.dirname, '../..');

test('[HOU-2] the generated database client is the one that the schema gives', () => {
  const folder = temporaryFolder();
  execFileSync(process.execPath, ['tools/generate.mjs', folder], { cwd: root });
  const fresh = filesBelow(folder);
  expect(fresh.size).toBeGreaterThan(10);
  expect(filesBelow(path.join(root, 'prisma/generated'))).toEqual(fresh);
});

/** By path; what the set-up keeps beside them, such as its stamp, begins with a dot. */
function filesBelow(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith('.'))
    .sort();
  return new Map(names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}
