/**
 * Binds `RULES.md` and the tests to each other. Tests are read as text, not run: so one that is skipped, or in a file
 * that no project of vitest takes, is seen as well.
 *
 * A rule is a line `- **LED-1** sentence` below the heading of its prefix. A test's title begins with the ids of the
 * rules it proves: `[LED-1] [LED-2] ...`.
 */
import ts from 'typescript';

const RULE_LINE = /^- \*\*([A-Z]{3}-\d+)\*\* \S/;
const RULE_LIKE = /^\s*[-*|].*?\b([A-Z]{3}-\d+)\*{0,2}[ |]/;
const HEADING = /^## ([A-Z]{3}) /;
const TITLE_IDS = /^((?:\[[A-Z]{3}-\d+\] )+)\S/;
const TEST_NAMES = new Set(['it', 'test']);
const GROUP_NAMES = new Set(['describe', 'suite']);
const LEFT_OUT = new Set(['skip', 'only', 'todo', 'skipIf', 'runIf', 'fails']);
const LEFT_OUT_NAMES = new Set(['xit', 'xtest', 'xdescribe', 'fit', 'fdescribe']);

export interface TestFile {
  readonly name: string;
  readonly text: string;
}

interface FoundTest {
  readonly place: string;
  readonly ids: readonly string[];
}

/** One line for everything that is wrong, each saying where and what; empty when all is well. */
export function problemsOf(rules: string, tests: readonly TestFile[]): string[] {
  const problems: string[] = [];
  const ids = readRules(rules, problems);
  const found = tests.flatMap((file) => readTests(file, problems));
  if (found.length === 0) problems.push('no test was found at all');
  const proven = new Set(found.flatMap((test) => test.ids));
  for (const id of ids) if (!proven.has(id)) problems.push(`RULES.md: ${id} has no test`);
  for (const test of found) {
    for (const id of test.ids)
      if (!ids.has(id)) problems.push(`${test.place}: names ${id}, which is no rule`);
  }
  return problems;
}

function readRules(text: string, problems: string[]): Set<string> {
  const ids = new Set<string>();
  let prefix = '';
  for (const [index, line] of text.split('\n').entries()) {
    const place = `RULES.md:${index + 1}`;
    prefix = HEADING.exec(line)?.[1] ?? prefix;
    const id = RULE_LINE.exec(line)?.[1];
    if (id === undefined) {
      if (RULE_LIKE.test(line))
        problems.push(`${place}: a rule is written \`- **${RULE_LIKE.exec(line)?.[1]}** sentence\``);
      continue;
    }
    if (ids.has(id)) problems.push(`${place}: ${id} is there twice`);
    if (!id.startsWith(`${prefix}-`))
      problems.push(`${place}: ${id} stands below the heading of ${prefix || 'none'}`);
    ids.add(id);
  }
  if (ids.size === 0) problems.push('RULES.md: no rule was found at all');
  return ids;
}

function readTests({ name, text }: TestFile, problems: string[]): FoundTest[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: FoundTest[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isCallExpression(node)) look(node);
    ts.forEachChild(node, visit);
  };
  const look = (call: ts.CallExpression) => {
    const { name: callee, words } = calleeOf(call.expression);
    const place = `${name}:${source.getLineAndCharacterOfPosition(call.getStart()).line + 1}`;
    if (LEFT_OUT_NAMES.has(callee)) problems.push(`${place}: ${callee} leaves tests out`);
    // `context.skip()` inside a test, and `it.skip`, `describe.only` and the like around one.
    const left = words.find((word) => LEFT_OUT.has(word));
    const isOfTests = TEST_NAMES.has(callee) || GROUP_NAMES.has(callee);
    if (left !== undefined && (isOfTests || /^(context|ctx)$/.test(callee))) {
      problems.push(`${place}: .${left} leaves tests out`);
    }
    if (!TEST_NAMES.has(callee) || isTable(call)) return;
    const title = titleOf(call.arguments[0]);
    if (title === undefined)
      return void problems.push(`${place}: a title is a plain string that begins with the id of its rule`);
    const ids = [...(TITLE_IDS.exec(title)?.[1] ?? '').matchAll(/\[([^\]]+)\]/g)].map(
      ([, id]) => id as string,
    );
    if (ids.length === 0)
      problems.push(`${place}: "${title}" does not begin with the id of a rule, as in [LED-1]`);
    found.push({ place, ids });
  };
  visit(source);
  return found;
}

/** `it.concurrent.each(table)` gives `it` and the words `concurrent`, `each`. */
function calleeOf(expression: ts.Expression): { name: string; words: string[] } {
  const words: string[] = [];
  let at = expression;
  for (;;) {
    if (ts.isPropertyAccessExpression(at)) {
      words.unshift(at.name.text);
      at = at.expression;
    } else if (ts.isCallExpression(at)) at = at.expression;
    else if (ts.isTaggedTemplateExpression(at)) at = at.tag;
    else return { name: ts.isIdentifier(at) ? at.text : '', words };
  }
}

/** `it.each(table)` makes a test function; the test is the call around it. `it.extend(...)` makes one as well. */
function isTable(call: ts.CallExpression): boolean {
  const { expression } = call;
  return (
    ts.isPropertyAccessExpression(expression) &&
    ['each', 'for', 'extend', 'skipIf', 'runIf'].includes(expression.name.text)
  );
}

function titleOf(argument: ts.Expression | undefined): string | undefined {
  if (argument === undefined) return undefined;
  if (ts.isStringLiteralLike(argument)) return argument.text;
  return ts.isTemplateExpression(argument) ? `${argument.head.text}…` : undefined;
}
