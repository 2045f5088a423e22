/** The generated operations and the trusted documents are those of the committed schema. Writes nothing. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { generate } from '@graphql-codegen/cli';
import config from '../../codegen.ts';
import { conclude } from './conclude.ts';

const FOLDER = 'client/wire/generated';
/** What the generator also makes and `codegen.ts` takes away again. */
const NOT_KEPT = new Set(['gql.ts', 'index.ts', 'staff/gql.ts', 'staff/index.ts']);
const ADVICE = 'Run npm run schema';

const made = (await generate({ ...config, hooks: {} }, false)) as { filename: string; content: string }[];
const expected = new Map(
  made
    .map(({ filename, content }) => [path.relative(FOLDER, filename), content] as const)
    .filter(([name]) => !NOT_KEPT.has(name)),
);
const problems: string[] = expected.size === 0 ? ['codegen.ts generates nothing'] : [];
for (const [name, content] of expected) {
  const file = path.join(FOLDER, name);
  if (!existsSync(file)) problems.push(`${file}: is not there. ${ADVICE}`);
  else if (readFileSync(file, 'utf8').trimEnd() !== content.trimEnd()) {
    problems.push(`${file}: is not what the operations give. ${ADVICE}`);
  }
}
for (const { name: base, parentPath } of readdirSync(FOLDER, { recursive: true, withFileTypes: true }).filter(
  (entry) => entry.isFile(),
)) {
  const name = path.relative(FOLDER, path.join(parentPath, base));
  if (!expected.has(name)) problems.push(`${FOLDER}/${name}: nothing generates it. Remove it`);
}
conclude(problems);
