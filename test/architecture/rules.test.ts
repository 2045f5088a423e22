import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFiles, root } from './project-files.ts';
import { problemsOf } from './rules-and-tests.ts';

const rules = ['## LED · Ledger', '- **LED-1** One.', '- **LED-2** Two.'].join('\n');
const file = (text: string) => ({ name: 'test/ledger/made-up.test.ts', text });
const both = "it('[LED-1] [LED-2] holds', () => {});";

describe('the rules and the tests', () => {
  it('[HOU-10] name each other: every rule has a test, every test a rule, and none is left out', () => {
    const tests = projectFiles()
      .filter((name) => /\.test\.tsx?$/.test(name))
      .map((name) => ({ name, text: readFileSync(path.join(root, name), 'utf8') }));
    expect(problemsOf(readFileSync(path.join(root, 'RULES.md'), 'utf8'), tests)).toEqual([]);
  });

  it('[HOU-10] are at peace when each rule is proven, alone, together or by a table', () => {
    const tables =
      "test.each([1, 2])('[LED-1] holds for %i', () => {}); it.concurrent(`[LED-2] holds`, () => {});";
    expect(problemsOf(rules, [file(both)])).toEqual([]);
    expect(problemsOf(rules, [file(tables)])).toEqual([]);
  });

  it.each([
    ['a rule without a test', rules, "it('[LED-1] holds', () => {});", /LED-2 has no test/],
    ['a test of no rule', rules, `${both} it('[LED-9] holds', () => {});`, /LED-9, which is no rule/],
    ['a test that names none', rules, `${both} it('holds', () => {});`, /does not begin with the id/],
    ['an id that is not at the beginning', rules, `${both} it('holds [LED-1]', () => {});`, /does not begin/],
    ['a title that cannot be read', rules, `${both} it(title, () => {});`, /plain string/],
    ['a rule that is there twice', `${rules}\n- **LED-1** Again.`, both, /LED-1 is there twice/],
    [
      'a rule below another heading',
      `## LIV · Live\n${rules}\n## GQL · API\n- **LED-3** x`,
      both,
      /heading of GQL/,
    ],
    ['a rule in another form', `${rules}\n- LED-3 Three.`, both, /a rule is written/],
    ['a test that is skipped', rules, `${both} it.skip('[LED-1] holds', () => {});`, /\.skip leaves/],
    [
      'a test that is skipped by a condition',
      rules,
      `${both} it.skipIf(x)('[LED-1] a', () => {});`,
      /\.skipIf/,
    ],
    ['a group that is skipped', rules, `describe.skip('a', () => { ${both} });`, /\.skip leaves/],
    ['a test that stands alone', rules, `${both} test.only('[LED-1] holds', () => {});`, /\.only leaves/],
    ['a test left for later', rules, `${both} it.todo('[LED-1] holds');`, /\.todo leaves/],
    [
      'a test that skips itself',
      rules,
      "it('[LED-1] [LED-2] a', (context) => context.skip());",
      /\.skip leaves/,
    ],
    ['no test', rules, '', /no test was found/],
    ['no rule', '# Rules', both, /no rule was found/],
  ])('[HOU-10] do not pass with %s', (_fault, text, tests, problem) => {
    expect(problemsOf(text, [file(tests)]).join('\n')).toMatch(problem);
  });
});
