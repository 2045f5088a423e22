import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { publicSchema, staffSchema } from '#server/graphql/schema.ts';

describe('the schemas', () => {
  it.each([
    ['public', publicSchema],
    ['staff', staffSchema],
  ])('[HOU-11] describe every type and field that %s readers meet', (_name, schema) => {
    expect(withoutDescription(schema)).toEqual([]);
  });
});

function withoutDescription(schema: GraphQLSchema): string[] {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  expect(types.length).toBeGreaterThan(10);
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return types.flatMap((type) => [
    ...(type.description || roots.some((root) => root === type) ? [] : [type.name]),
    ...fieldsOf(type)
      .filter(({ description }) => !description)
      .map(({ name }) => `${type.name}.${name}`),
  ]);
}

function fieldsOf(type: GraphQLNamedType): { name: string; description?: string | null | undefined }[] {
  return isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
    ? Object.values(type.getFields())
    : [];
}
