/**
 * `npm test`: the set-up of `npm start`, then every test. The last line is `N passed, N failed`; the exit code is 1
 * if anything failed or nothing ran. Arguments go to vitest: `npm test -- test/store`.
 */
import './node-version.mjs';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const { countResults } = await import('./count-results.mjs');
const { say } = await import('./say.mjs');
const { root, setUp } = await import('./setup.mjs');

process.chdir(root);
await setUp();

const folder = mkdtempSync(path.join(os.tmpdir(), 'kepling-results-'));
const resultsFile = path.join(folder, 'results.json');
const exitCode = await runVitest(process.argv.slice(2));
const { passed, failed, skipped } = countResults(readResults(), exitCode);
rmSync(folder, { recursive: true, force: true });
if (skipped > 0) say(`${skipped} tidak dijalankan · not run`);
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

async function runVitest(args) {
  const child = spawn(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${resultsFile}`,
      ...args,
    ],
    { stdio: 'inherit' },
  );
  // Ctrl-C reaches vitest too; it ends its databases and browsers, and then we end.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return await new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function readResults() {
  try {
    return JSON.parse(readFileSync(resultsFile, 'utf8'));
  } catch {
    return undefined;
  }
}
