import type { GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publicSchema, staffSchema } from '#server/graphql/schema.ts';
import { openTestApp, type TestApp } from '#test/support/app.ts';
import { expectNothingOfOurs } from '#test/support/expect-nothing-of-ours.ts';
import { until } from '#test/support/wait.ts';
import { INIT, OPCODE, openRaw } from './raw-client.ts';

const REFUSED_MS = 50;
/** Its first byte, as text. */
const CLOSE_FRAME = '\u0088';
/** The quickest of these is what refusing costs; the others show what else the machine did. */
const TRIES = 5;

let demo: TestApp;
let live: TestApp;
let resolved = 0;
beforeAll(async () => {
  countRootFields(publicSchema);
  countRootFields(staffSchema);
  [demo, live] = [await openTestApp(), await openTestApp('LIVE')];
});
afterAll(async () => {
  await demo?.close();
  await live?.close();
});

/** Whoever reaches a resolver passes a root field first. */
function countRootFields(schema: GraphQLSchema): void {
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
    for (const field of Object.values(type?.getFields() ?? {}))
      for (const name of ['resolve', 'subscribe'] as const) {
        const own = field[name];
        if (!own) continue;
        field[name] = (...args) => {
          resolved += 1;
          return own(...args);
        };
      }
}

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');
const documents: readonly [string, string][] = [
  ['too deep', `{ program { city { ${'parent { '.repeat(9)} name ${'} '.repeat(9)} } } }`],
  ['too many aliases', `{ program { ${times(65, (i) => `a${i}: name`)} } }`],
  ['too many root fields', `{ ${times(17, (i) => `a${i}: program { name }`)} }`],
  ['brackets in brackets', `{ area(code: ${'['.repeat(2_500)}${']'.repeat(2_500)}) { name } }`],
  ['too many tokens', `{ program { ${'name '.repeat(2_100)} } }`],
  ['too many directives', `{ program { name ${times(17, () => '@include(if: true)')} } }`],
  ['a fragment that holds itself', '{ program { ...A } } fragment A on Program { ...A }'],
  [
    'fragments in a ring',
    '{ program { ...A } } fragment A on Program { ...B } fragment B on Program { ...A }',
  ],
  ['two operations', 'query A { program { name } } query B { program { name } }'],
  ['a field that is not', '{ program { nothing } }'],
];

const FAMILIES = 'children { parent { children { parent { children { code } } } } }';
const LONG = 'a'.repeat(65);
/** Little to send and much to answer. All are documents of the language, so that only a limit of ours refuses them. */
const swelling: readonly [string, string, RegExp][] = [
  ['a long alias', `{ program { ${LONG}: name } }`, /65 characters in one alias/],
  [
    'a long alias in a fragment',
    `{ program { ...A } } fragment A on Program { ${LONG}: name }`,
    /65 characters/,
  ],
  ['a long alias of __typename', `{ program { ${LONG}: __typename } }`, /65 characters/],
  ['a long alias within __schema', `{ __schema { types { ${LONG}: name } } }`, /65 characters/],
  [
    'a long alias within __type',
    `{ __type(name: "Area") { ...A } } fragment A on __Type { ${LONG}: name }`,
    /65 characters/,
  ],
  [
    'too many aliases of __typename',
    `{ program { ${times(65, (i) => `a${i}: __typename`)} } }`,
    /65 aliases/,
  ],
  [
    'too many aliases within __schema',
    `{ __schema { ${times(65, (i) => `a${i}: types { name }`)} } }`,
    /65 aliases/,
  ],
  [
    'the schema over and over',
    `{ __schema { ${times(60, (i) => `a${i}: types { fields { type { fields { name } } } }`)} } }`,
    /values about the schema/,
  ],
  ['families of families', `{ area(code: "12.71") { ${FAMILIES} } }`, /17661 values in the answer/],
  [
    'families of families by fragments',
    `{ area(code: "12.71") { ...A } } fragment A on Area { ${FAMILIES} }`,
    /17661 values in the answer/,
  ],
];

/** What was answered, and how long the quickest answer took. */
async function answerOf(ask: () => Promise<string>): Promise<{ text: string; tookMs: number }> {
  let tookMs = Number.POSITIVE_INFINITY;
  let text = '';
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const startedAt = performance.now();
    text = await ask();
    tookMs = Math.min(tookMs, performance.now() - startedAt);
  }
  return { text, tookMs };
}

async function expectRefused(ask: () => Promise<string>, why = /BAD_USER_INPUT|close/): Promise<void> {
  const before = resolved;
  const { text, tookMs } = await answerOf(ask);
  expect(text).toMatch(why);
  expect(text).not.toContain('"data":{');
  expectNothingOfOurs(text);
  expect(tookMs).toBeLessThan(REFUSED_MS);
  expect(resolved).toBe(before);
}

async function post(app: TestApp, body: string, type = 'application/json', key?: string): Promise<string> {
  const headers = { 'content-type': type, ...(key ? { authorization: `Bearer ${key}` } : {}) };
  return (await fetch(`${app.url}/graphql`, { method: 'POST', headers, body })).text();
}

/** Sends a message on a socket of its own once it is let in; what came for it, or `close` where it was cut. */
async function overSocket(app: TestApp, message: string): Promise<string> {
  const client = await openRaw(app.url, '127.0.0.1');
  client.frame(OPCODE.TEXT, INIT);
  await until('the acknowledgement', () => client.heard.includes('connection_ack'));
  client.frame(OPCODE.TEXT, message);
  const isTold = () => client.heard.includes('"error"');
  await until('an answer', () => isTold() || client.heard.includes(CLOSE_FRAME));
  client.destroy();
  return isTold() ? client.heard : 'close';
}

const subscribe = (query: string) => JSON.stringify({ id: '1', type: 'subscribe', payload: { query } });

test.each(documents)(
  '[FLT-11] a document with %s is refused on HTTP and on the socket before any resolver',
  async (_what, query) => {
    await expectRefused(() => post(demo, JSON.stringify({ query })));
    await expectRefused(() => post(demo, JSON.stringify({ query }), 'application/json', demo.key('bpjs')));
    await expectRefused(() => overSocket(demo, subscribe(query)));
  },
);

test.each(swelling)(
  '[FLT-20] a document with %s is refused on HTTP and on the socket before any resolver',
  async (_what, query, why) => {
    await expectRefused(() => post(demo, JSON.stringify({ query })), why);
    await expectRefused(() => overSocket(demo, subscribe(query)), why);
  },
);

test('[FLT-11] introspection without an account is refused for a live program, on HTTP and on the socket', async () => {
  const query = '{ __schema { types { name } } }';
  await expectRefused(() => post(live, JSON.stringify({ query })));
  await expectRefused(() => overSocket(live, subscribe(query)));
});

test('[FLT-11] batches, a mutation by GET, plain text, forms and bodies that are too large are refused before any resolver', async () => {
  const query = '{ program { name } }';
  await expectRefused(() => post(demo, JSON.stringify([{ query }, { query }])));
  await expectRefused(() => post(demo, JSON.stringify({ query }), 'text/plain'));
  await expectRefused(() =>
    post(demo, new URLSearchParams({ query }).toString(), 'application/x-www-form-urlencoded'),
  );
  await expectRefused(() => post(demo, JSON.stringify({ query: `${query} #${'x'.repeat(200_000)}` })));
  const mutation =
    'mutation { withdraw(input: { idempotencyKey: "1", enrollmentId: "1", reason: MOVED_AWAY }) { __typename } }';
  const headers = { 'apollo-require-preflight': 'true', authorization: `Bearer ${demo.key('bpjs')}` };
  await expectRefused(async () =>
    (await fetch(`${demo.url}/graphql?${new URLSearchParams({ query: mutation })}`, { headers })).text(),
  );
  await expectRefused(() => overSocket(demo, `[${subscribe(query)},${subscribe(query)}]`));
  await expectRefused(() => overSocket(demo, subscribe(`${query} #${'x'.repeat(17_000)}`)));
});
