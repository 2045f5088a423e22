import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApp, type TestApp } from '#test/support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app?.close());

const TOTALS = `totals { revision asOf enrolled pending target gap achievement evenAchievement neighborhoods
  completeNeighborhoods monthsPaid { none one more } persistency { tooNew stopped paying inArrears lapsed resumed } }`;
const area = (inner: string) => `code ${TOTALS} ${inner}`;

interface Tree {
  readonly code: string;
  readonly totals: { readonly target: number };
  readonly children?: readonly Tree[];
}

/** Areas of a tree by how far down they stand. */
function countLevels(trees: readonly Tree[]): readonly number[] {
  const below = trees.flatMap(({ children }) => children ?? []);
  return [trees.length, ...(below.length > 0 ? countLevels(below) : [])];
}

test('[GQL-30] leadership asks the whole tree with every figure in one query', async () => {
  const tree = area(`children { ${area(`children { ${area(`children { ${area('')} }`)} }`)} }`);
  const { data, errors } = await app.ask<{ program: { city: Tree } }>(
    `{ program { city { ${tree} } } }`,
    {},
    app.key('leadership'),
  );
  expect(errors).toBeUndefined();
  expect(countLevels([data.program.city])).toEqual([1, 21, 151, 2_001]);
  const anonymous = await app.ask(`{ program { city { ${tree} } } }`);
  expect(JSON.stringify(anonymous.errors)).toContain('values in the answer');
});

test('[GQL-30] the query by which tools learn the schema is answered', async () => {
  for (const key of [undefined, app.key('leadership')]) {
    const { data, errors } = await app.ask<{ __schema: { types: readonly object[] } }>(
      getIntrospectionQuery({
        specifiedByUrl: true,
        schemaDescription: true,
        inputValueDeprecation: true,
        oneOf: true,
      }),
      {},
      key,
    );
    expect(errors).toBeUndefined();
    expect(data.__schema.types.length).toBeGreaterThan(15);
  }
});
