/**
 * The two schemas, built once. What anyone may see is the public one: it has no person types at all, not hidden
 * ones. This file imports every capability and defines nothing.
 */
import { assertValidSchema, type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { giveIdsAtOnce } from './areas.ts';
import { builder } from './builder.ts';
import './scalars.ts';
import './totals.ts';
import './program.ts';
import './frames.ts';
import './leaders.ts';
import './refusals.ts';
import './enrollments.ts';
import './metrics.ts';
import './viewer.ts';

function build(subGraph: 'public' | 'staff'): GraphQLSchema {
  const schema = builder.toSchema({ subGraph });
  assertValidSchema(schema);
  giveIdsAtOnce(schema);
  return schema;
}

export const publicSchema = build('public');
export const staffSchema = build('staff');

/** A schema as it is committed: sorted, so that a difference in it is a change of meaning. */
export function printed(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
