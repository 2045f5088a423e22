/** Every rule of `RULES.md` has a test, every test names a rule, and none is left out. */
import { readFileSync } from 'node:fs';
import { projectFiles } from '#test/architecture/project-files.ts';
import { problemsOf } from '#test/architecture/rules-and-tests.ts';
import { conclude } from './conclude.ts';

const tests = projectFiles().filter((name) => /\.test\.tsx?$/.test(name));
conclude(
  problemsOf(
    readFileSync('RULES.md', 'utf8'),
    tests.map((name) => ({ name, text: readFileSync(name, 'utf8') })),
  ),
);
