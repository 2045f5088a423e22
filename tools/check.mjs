/**
 * `npm run check`: everything that can be known without running the program, in order, to the end, with one summary.
 * Exit code 1 if anything failed. It changes no file of the project; `npm run check -- --fix` first lets biome
 * mend layout, import order and what it can mend safely.
 */
import './node-version.mjs';
import { spawnSync } from 'node:child_process';

const { say } = await import('./say.mjs');
const { root, setUp } = await import('./setup.mjs');

process.chdir(root);
await setUp();

const bin = (file) => [`node_modules/${file}`];
const script = (file) => ['--import', 'tsx/esm', `tools/checks/${file}`];
const biome = [...bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '--max-diagnostics=200'];

/** Each is a program that ends with 0 when all is well, and otherwise says what to do. */
const CHECKS = [
  ['format and lint', biome],
  [
    'types of the server and tests',
    [...bin('typescript/bin/tsc'), '-p', 'tsconfig.json', '--pretty', 'false'],
  ],
  ['types of the client', [...bin('typescript/bin/tsc'), '-p', 'tsconfig.client.json', '--pretty', 'false']],
  ['types of the worker', [...bin('typescript/bin/tsc'), '-p', 'tsconfig.worker.json', '--pretty', 'false']],
  [
    'types of what drives a browser',
    [...bin('typescript/bin/tsc'), '-p', 'tsconfig.journeys.json', '--pretty', 'false'],
  ],
  ['who imports whom', script('imports.ts')],
  ['dead code and packages', [...bin('knip/bin/knip.js'), '--no-progress']],
  ['printed schemas', script('schemas.ts')],
  ['generated operations', script('operations.ts')],
  ['rules and tests', script('rules.ts')],
  ['files and licenses', script('files.ts')],
];

if (process.argv.includes('--fix')) run([...biome, '--write']);

const failed = [];
for (const [name, args] of CHECKS) {
  const startedAtMs = performance.now();
  const { isWell, output } = run(args);
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  say(`${isWell ? '✓' : '×'} ${name}  ${seconds} s`);
  if (!isWell) failed.push(name);
  if (!isWell || output.startsWith('  ')) say(output.trimEnd());
}
say('');
say(failed.length === 0 ? `All ${CHECKS.length} checks passed.` : `Failed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** A check that passes may still tell something: lines that begin with two spaces. */
function run(args) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  return { isWell: status === 0, output: error ? String(error) : `${stdout}${status === 0 ? '' : stderr}` };
}
