import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { projectFiles, root } from './project-files.ts';

/** What an operator may have lying in the folder of the program. */
const PRIVATE = [
  'deploy/database-password.txt',
  'kunci.txt',
  'kunci-2025.txt',
  'keys.txt',
  'kepling.backup',
  '2025-10-29.backup',
  '2025-10-29.backup.part',
  'peserta.csv.report.csv',
  '.env',
  '.env.production',
];
const linesOf = (file: string) =>
  readFileSync(path.join(root, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Names with stars, as both files have them: the last line that fits decides. A name fits what is below it too. */
function isLeftOut(name: string, lines: readonly string[], isAnywhere: boolean): boolean {
  let isOut = false;
  for (const line of lines) {
    const [, not, pattern = ''] = /^(!?)\/?(.+?)\/?$/.exec(line) ?? [];
    const glob = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
    const start = isAnywhere && !pattern.includes('/') ? '(^|/)' : '^';
    if (new RegExp(`${start}${glob}(/|$)`).test(name)) isOut = not !== '!';
  }
  return isOut;
}

it('[HOU-17] the image takes sources and settings of the build, and nothing that lies beside them', () => {
  const lines = linesOf('.dockerignore');
  expect(lines[0]).toBe('*');
  const taken = new Set(
    projectFiles()
      .filter((file) => !isLeftOut(file, lines, false))
      .map((file) => file.split('/')[0]),
  );
  const needed = ['client', 'package-lock.json', 'package.json', 'prisma', 'server', 'texts', 'tools'];
  expect([...taken]).toEqual(
    expect.arrayContaining([...needed, 'tsconfig.json', 'vite.config.ts', '.npmrc']),
  );
  for (const name of ['test', 'docs', 'deploy', 'data', 'README.md', '.env.example'])
    expect(taken).not.toContain(name);
  for (const name of PRIVATE) expect([name, isLeftOut(name, lines, false)]).toEqual([name, true]);
  expect(isLeftOut('prisma/generated/client.ts', lines, false)).toBe(true);
});

it('[HOU-17] git takes none of it, and everything that is of the project', () => {
  const lines = linesOf('.gitignore');
  for (const name of [...PRIVATE, 'node_modules/a.js', 'data/secrets.json'])
    expect([name, isLeftOut(name, lines, true)]).toEqual([name, true]);
  for (const name of [...readdirSync(path.join(root, 'deploy')), '.env.example', 'server/main.ts'])
    if (name !== 'database-password.txt') expect([name, isLeftOut(name, lines, true)]).toEqual([name, false]);
});
