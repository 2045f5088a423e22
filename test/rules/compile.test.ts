import fc from 'fast-check';
import {
  buildSchema,
  execute,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '#server/graphql/compile.ts';
import type { Services } from '#server/graphql/context.ts';
import { sharedContext } from '#server/graphql/render.ts';
import { publicSchema, staffSchema } from '#server/graphql/schema.ts';
import { readTrustedDocuments } from '#server/http/trusted-documents.ts';
import { type LiveOn, openLiveOn } from '#test/support/live-on.ts';
import { CITY, MORNING, openSmallProgram, type SmallProgram } from '#test/support/small-program.ts';

let program: SmallProgram;
let live: LiveOn;
let services: Services;

beforeAll(async () => {
  program = await openSmallProgram();
  live = await openLiveOn(program);
  services = { live, areas: program.intake.areas } as unknown as Services;
});
afterAll(async () => {
  await live.close();
  await program.close();
});

/** What a frame may be, as it is asked: of a moment, or of a commit. */
const frames = {
  totalsChanged: () => live.hub.current({ areaCode: CITY, parts: 'DISTRICT' }, 'public'),
  leadersChanged: () => live.leaders.current('VILLAGE', 'public'),
};
const kinds = [{}, { kind: 'UPDATE', committedAt: MORNING }, { kind: 'SUSPENDED' }] as const;
const sides = [
  ['public', publicSchema],
  ['staff:12.71', staffSchema],
  ['staff:12.71.01', staffSchema],
] as const;
const DEPTH = 4;

/** A selection of a type, as a tree of chance says: fields, aliases, fragments, directives, the same field twice. */
function selection(type: GraphQLObjectType, pick: () => number, depth = 0): string {
  const fields = Object.values(type.getFields()).filter(
    (field) =>
      field.name !== 'node' &&
      !(type.name === 'Area' && field.name === 'totals') &&
      !field.args.some((arg) => isNonNullType(arg.type)),
  );
  const parts: string[] = [];
  for (const field of fields) {
    if (pick() % 3 === 0) continue;
    const named = getNamedType(field.type);
    if (!isLeafType(named) && (depth > DEPTH || !isObjectType(named))) continue;
    // Areas hold areas: some of them, or there is no end to it.
    if (['children', 'parent'].includes(field.name) && pick() % 3 !== 0) continue;
    const alias = pick() % 4 === 0 ? `a${pick() % 3}${field.name}: ` : '';
    const left = ['', '', ' @include(if: $yes)', ' @skip(if: $yes)', ' @include(if: $no)'][pick() % 5];
    const below = isObjectType(named) ? ` { ${selection(named, pick, depth + 1)} }` : '';
    const text = `${alias}${field.name}${left}${below}`;
    parts.push(text);
    if (pick() % 6 === 0) parts.push(text);
    if (pick() % 5 === 0) parts.push(`... on ${type.name} { ${text} }`);
  }
  return [...parts, '__typename'].join(' ');
}

function rootOf(schema: GraphQLSchema, field: keyof typeof frames): GraphQLObjectType {
  return getNamedType(schema.getSubscriptionType()?.getFields()[field]?.type) as GraphQLObjectType;
}

function both(
  schema: GraphQLSchema,
  audience: (typeof sides)[number][0],
  text: string,
  rootValue: unknown,
  variableValues: Record<string, unknown> = { yes: true, no: false },
) {
  const document = parse(text);
  expect(validate(schema, document).map(String)).toEqual([]);
  const args = {
    schema,
    document,
    variableValues,
    contextValue: sharedContext(services, audience),
  };
  const plain = execute({ ...args, rootValue });
  return { written: compile(args)?.(rootValue) ?? null, plain };
}

describe('what is prepared once', () => {
  it.each(sides)('[LIV-124] writes the bytes of graphql-js, whatever is selected: %s', (audience, schema) => {
    const roots = Object.keys(frames) as (keyof typeof frames)[];
    fc.assert(
      fc.property(
        fc.constantFrom(...roots),
        fc.constantFrom(...kinds),
        fc.infiniteStream(fc.nat()),
        (root, kind, chance) => {
          const pick = () => chance.next().value as number;
          const given = root === 'leadersChanged' ? '(level: VILLAGE)' : '(parts: DISTRICT)';
          const text = `subscription S($yes: Boolean!, $no: Boolean!) { ${root}${given} { ${selection(rootOf(schema, root), pick)} again: __typename @include(if: $yes) @skip(if: $no) } }`;
          const { written, plain } = both(schema, audience, text, { ...frames[root](), ...kind });
          expect(plain).not.toHaveProperty('errors');
          expect(written).toBe(JSON.stringify(plain));
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each(sides)(
    '[LIV-124] takes every document of our own pages that is followed: %s',
    (audience, schema) => {
      const followed = [...readTrustedDocuments().values()].filter((text) => text.includes('subscription '));
      expect(followed.length).toBeGreaterThan(1);
      for (const text of followed) {
        const variables = { area: CITY, level: 'VILLAGE', parts: 'DISTRICT' };
        const root = text.includes('leadersChanged') ? 'leadersChanged' : 'totalsChanged';
        const { written, plain } = both(schema, audience, text, frames[root](), variables);
        expect(plain).not.toHaveProperty('errors');
        expect(written).toBe(JSON.stringify(plain));
      }
    },
  );
});

describe('what is out of the ordinary', () => {
  const schema = buildSchema(`
    type Query { plain: Int! some: Int list: [Int!] item: Item named: Named }
    interface Named { name: String }
    type Item implements Named { name: String }`);
  const run = (text: string, rootValue: object) =>
    compile({ schema, document: parse(text) })?.(rootValue) ?? null;

  it('[LIV-124] is no plain value, nor one that is missing where it may be', () => {
    expect(run('{ plain some list item { name } }', { plain: 1, list: [1, 2], item: {} })).toBe(
      '{"data":{"plain":1,"some":null,"list":[1,2],"item":{"name":null}}}',
    );
    expect(run('query A { plain }', { plain: 0 })).toBe('{"data":{"plain":0}}');
  });

  it.each<[string, string, object]>([
    ['a null where none may be', '{ plain }', { plain: null }],
    ['a null in a list where none may be', '{ list }', { list: [1, null] }],
    ['a value of another type', '{ plain }', { plain: 'x' }],
    ['a number that is none', '{ some }', { some: Number.NaN }],
    ['an error in place of a value', '{ some }', { some: new Error('no') }],
    ['a value that is waited for', '{ some }', { some: Promise.resolve(1) }],
    [
      'a value that is waited for in vain',
      '{ some }',
      {
        get some() {
          return Promise.reject(new Error('no'));
        },
      },
    ],
    [
      'a list that is waited for in vain',
      '{ list }',
      {
        get list() {
          return Promise.reject(new Error('no'));
        },
      },
    ],
    [
      'an entry that is waited for in vain',
      '{ list }',
      {
        get list() {
          return [Promise.reject(new Error('no'))];
        },
      },
    ],
    ['a value that is no object', '{ item { name } }', { item: 'x' }],
    ['an object that is waited for', '{ item { name } }', { item: Promise.resolve({ name: 'x' }) }],
    ['a method', '{ some }', { some: () => 1 }],
    ['a list that is no array', '{ list }', { list: new Set([1]) }],
    [
      'a resolver that throws',
      '{ some }',
      {
        get some() {
          throw new Error('no');
        },
      },
    ],
  ])('[LIV-124] is left to graphql-js: %s', (_, text, rootValue) => {
    expect(run(text, rootValue)).toBeNull();
  });

  it('[LIV-124] is left to graphql-js: what type it is only its value tells, and what the schema says of itself', () => {
    for (const text of [
      '{ named { name } }',
      '{ __schema { types { name } } }',
      'query A { plain } query B { plain }',
    ])
      expect(compile({ schema, document: parse(text) }), text).toBeNull();
    const variables = { document: parse('query A($i: Int!) { plain @skip(if: false) }'), variableValues: {} };
    expect(compile({ schema, ...variables })).toBeNull();
    const document = parse('query A($y: Boolean = true) { plain @include(if: $y) }');
    expect(compile({ schema, document, variableValues: { y: null } })).toBeNull();
  });

  it.each<[string, GraphQLFieldResolver<unknown, unknown>]>([
    ['wants to know its place', (_source, _args, _context, info) => info.fieldName.length],
    ['looks whether there is a place', (_source, _args, _context, info) => Number('path' in info)],
    ['copies its place', (_source, _args, _context, info) => Object.keys({ ...info }).length],
    ['changes what it was asked', (_source, args) => ++args.by],
  ])('[LIV-124] is left to graphql-js: a resolver that %s', (_, resolve) => {
    const asking = buildSchema('type Query { some(by: Int = 1): Int }');
    const field = asking.getQueryType()?.getFields().some;
    if (!field) throw new Error('no field');
    field.resolve = resolve;
    expect(compile({ schema: asking, document: parse('{ some }') })?.({})).toBeNull();
  });
});
