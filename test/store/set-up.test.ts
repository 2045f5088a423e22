import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '#test/support/folder.ts';
import { runStoreProgram, usedDataDir } from '#test/support/run-store-program.ts';

const root = path.resolve(import.meta.dirname, '../..');

interface Stamps {
  hashOf(root: string, entries: string[], texts?: string[]): string;
  hasStamp(file: string, hash: string): boolean;
  writeStamp(file: string, hash: string): void;
}
interface Results {
  countResults(
    results: object | undefined,
    exitCode: number,
  ): { passed: number; failed: number; skipped: number };
}
const { hashOf, hasStamp, writeStamp } = (await import(path.join(root, 'tools/stamp.mjs'))) as Stamps;
const { countResults } = (await import(path.join(root, 'tools/count-results.mjs'))) as Results;

describe('a step of the set-up', () => {
  test('[SET-42] is done again when a file it reads is changed, added, renamed or taken away, and only then', () => {
    const folder = temporaryFolder();
    const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
    mkdirSync(path.join(folder, 'client/parts'), { recursive: true });
    write('client/parts/odometer.tsx', 'one');
    const entries = ['client', 'package-lock.json'];
    const seen = new Set([hashOf(folder, entries)]);
    const isNew = () => seen.size < seen.add(hashOf(folder, entries)).size;
    expect(isNew()).toBe(false);
    write('client/parts/odometer.tsx', 'two');
    expect(isNew()).toBe(true);
    write('client/main.tsx', 'two');
    expect(isNew()).toBe(true);
    renameSync(path.join(folder, 'client/main.tsx'), path.join(folder, 'client/other.tsx'));
    expect(isNew()).toBe(true);
    write('package-lock.json', '{}');
    expect(isNew()).toBe(true);
    write('unrelated', '');
    expect(isNew()).toBe(false);
    expect(hashOf(folder, entries, ['node 20'])).not.toBe(hashOf(folder, entries, ['node 22']));
  });

  test('[SET-42] counts as done only under the very hash it was done for', () => {
    const stamp = path.join(temporaryFolder(), 'deep/stamp');
    expect(hasStamp(stamp, 'a')).toBe(false);
    writeStamp(stamp, 'a');
    expect(hasStamp(stamp, 'a')).toBe(true);
    expect(hasStamp(stamp, 'b')).toBe(false);
  });
});

test('[SET-7] npm start refuses before any set-up, within two seconds, naming the server that is there', async () => {
  const dataDir = await usedDataDir();
  const server = await runStoreProgram(dataDir);
  const startedAtMs = performance.now();
  const second = spawnSync(process.execPath, ['tools/start.mjs'], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDir },
    encoding: 'utf8',
  });
  expect(performance.now() - startedAtMs).toBeLessThan(2_000);
  expect(second.status).toBe(1);
  expect(second.stderr).toContain(`process ${server.first.pid} (port 4321)`);
});

describe('the last line of npm test', () => {
  const file = (status: string, ...tests: string[]) => ({
    status,
    assertionResults: tests.map((each) => ({ status: each })),
  });
  const results = (passed: number, failed: number, ...testResults: object[]) => ({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults,
  });

  test.each([
    ['everything passed', results(2, 0, file('passed', 'passed', 'passed')), 0, { passed: 2, failed: 0 }],
    ['a test failed', results(1, 1, file('failed', 'passed', 'failed')), 1, { passed: 1, failed: 1 }],
    [
      'a file could not be run',
      results(1, 0, file('passed', 'passed'), file('failed')),
      1,
      { passed: 1, failed: 1 },
    ],
    ['an error outside any test', results(1, 0, file('passed', 'passed')), 1, { passed: 1, failed: 1 }],
    ['no results at all', undefined, 1, { passed: 0, failed: 1 }],
  ])('[SET-43] counts %s', (_what, given, exitCode, expected) => {
    expect(countResults(given, exitCode)).toMatchObject(expected);
  });
});
