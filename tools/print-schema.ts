/** Writes both schemas where they are committed: the board and every other client are built against these files. */
import { writeFileSync } from 'node:fs';
import { printed, publicSchema, staffSchema } from '#server/graphql/schema.ts';

for (const [name, schema] of [
  ['public', publicSchema],
  ['staff', staffSchema],
] as const) {
  writeFileSync(new URL(`../server/graphql/schema.${name}.graphql`, import.meta.url), printed(schema));
}
