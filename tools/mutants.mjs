/**
 * `npm run test:mutants`: puts faults into a copy of the project, one by one, and runs for each the test file that must
 * go red. Prints a table; exit code 1 where a fault survives, cannot be put in, or its tests are red without it.
 * Arguments are words: only faults whose line has one of them are tried. The project itself is never changed.
 */
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { copyOfProject } from './mutants/copy-of-project.mjs';
import { MUTANTS } from './mutants/list.mjs';

const { giveUp, say } = await import('./say.mjs');
const { root, setUp } = await import('./setup.mjs');

process.chdir(root);
await setUp();

const words = process.argv.slice(2);
const chosen = MUTANTS.filter(
  ({ fault, rule }) => words.length === 0 || words.some((word) => `${rule} ${fault}`.includes(word)),
);
const copy = copyOfProject(root);
process.once('exit', copy.remove);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

let survived = 0;
const tell = (mark, { rule, fault }, what) => say(`${mark} ${rule.padEnd(7)} ${what.padEnd(10)} ${fault}`);

say(`${chosen.length} kesalahan dicoba · faults are put in, one by one`);
const before = run(chosen);
if (before.length === 0)
  giveUp('Uji tidak dapat dijalankan · the tests could not be run at all: try npm test with them');
for (const mutant of chosen) {
  if (!before.some((test) => isOf(test, mutant) && test.status === 'passed')) {
    survived += 1;
    tell('×', mutant, 'NOT GREEN BEFORE');
    continue;
  }
  const originals = mutant.edits.map(({ file }) => [
    file,
    readFileSync(path.join(copy.folder, file), 'utf8'),
  ]);
  const missing = putIn(mutant);
  if (missing === null) {
    const after = run([mutant]);
    const isRed = after.some((test) => isOf(test, mutant) && test.status === 'failed');
    if (!isRed) survived += 1;
    tell(isRed ? '✓' : '×', mutant, isRed ? 'red' : 'SURVIVED');
  } else {
    survived += 1;
    tell('×', mutant, 'NOT PUT IN');
    say(
      `  ${missing} no longer has exactly once the text that this fault replaces: write it anew in tools/mutants/list.mjs`,
    );
  }
  for (const [file, text] of originals.reverse()) writeFileSync(path.join(copy.folder, file), text);
}
say(
  survived === 0 ? `${chosen.length} faults, each seen` : `${survived} of ${chosen.length} faults not seen`,
);
process.exitCode = survived === 0 && chosen.length > 0 ? 0 : 1;

/** Whether a test is one of the rule, in the file that has to see it. */
function isOf(test, mutant) {
  return test.file === mutant.test && test.title.includes(`[${mutant.rule}]`);
}

/** Puts the fault in; gives the file that no longer has its text, or null. */
function putIn({ edits }) {
  for (const { file, from, to } of edits) {
    const at = path.join(copy.folder, file);
    const parts = readFileSync(at, 'utf8').split(from);
    if (parts.length !== 2) return file;
    writeFileSync(at, parts.join(to));
  }
  return null;
}

/** Runs in the copy the test files of these, and of them the tests of their rules. */
function run(mutants) {
  const results = path.join(copy.folder, 'mutant-results.json');
  rmSync(results, { force: true });
  const rules = [...new Set(mutants.map(({ rule }) => rule))];
  spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=json',
      `--outputFile=${results}`,
      '-t',
      rules.map((rule) => `\\[${rule}\\]`).join('|'),
      ...new Set(mutants.map(({ test }) => test)),
    ],
    { cwd: copy.folder, stdio: 'ignore' },
  );
  return readTests(results);
}

function readTests(file) {
  let results;
  try {
    results = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
  return results.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({
      file: path.relative(copy.folder, name).split(path.sep).join('/'),
      title: fullName,
      status,
    })),
  );
}
