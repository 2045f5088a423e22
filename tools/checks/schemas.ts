/** The committed schemas are the ones that the server builds. Writes nothing. */
import { readFileSync } from 'node:fs';
import { printed, publicSchema, staffSchema } from '#server/graphql/schema.ts';
import { conclude } from './conclude.ts';

const problems: string[] = [];
for (const [name, schema] of [
  ['public', publicSchema],
  ['staff', staffSchema],
] as const) {
  const file = `server/graphql/schema.${name}.graphql`;
  const difference = firstDifference(readFileSync(file, 'utf8'), printed(schema));
  if (difference)
    problems.push(`${file}:${difference}. Run npm run schema, and read what changed before committing it`);
}
conclude(problems);

function firstDifference(committed: string, built: string): string | undefined {
  if (committed === built) return undefined;
  const [there, now] = [committed.split('\n'), built.split('\n')];
  const line = now.findIndex((text, index) => text !== there[index]);
  const at = line === -1 ? now.length : line;
  return `${at + 1}: committed "${there[at]?.trim() ?? ''}", built "${now[at]?.trim() ?? ''}"`;
}
