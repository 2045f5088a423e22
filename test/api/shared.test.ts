import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  buildSchema,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  graphqlSync,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { useServer as serve } from 'graphql-ws/use/ws';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { createLog } from '#server/base/log.ts';
import type { Actor } from '#server/domain/access/policy.ts';
import { audienceOf, type Context } from '#server/graphql/context.ts';
import { maskError } from '#server/graphql/errors.ts';
import { sharedContext } from '#server/graphql/render.ts';
import { publicSchema, staffSchema } from '#server/graphql/schema.ts';
import { openRawSocket, type RawSocket } from '#test/support/raw-socket.ts';
import { CITY } from '#test/support/small-program.ts';
import { openSmallSockets, type SmallSockets } from '#test/support/small-sockets.ts';
import { until } from '#test/support/wait.ts';

let small: SmallSockets;
const keys: Record<'city' | 'district' | 'screen', string> = { city: '', district: '', screen: '' };

beforeAll(async () => {
  small = await openSmallSockets();
  keys.city = await small.addKey('DIRECTOR', CITY);
  keys.district = await small.addKey('DISTRICT', '12.71.01');
  keys.screen = await small.addKey('SCREEN', CITY);
});
afterAll(() => small.close());
// Each begins with nobody there.
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  await until('everyone to be let go', () => small.sockets.statistics().sockets === 0);
  await until('nobody to follow', () => small.live.hub.followers + small.live.leaders.followers === 0);
});

/** Of an area its other totals, which no frame has; in public what a frame with parts would be too large with. */
const BELOW = { public: ['children', 'parent', 'parts'], staff: ['children'] };

/** Every field of a frame of this type, but for those of areas that are left out. */
function everyField(type: GraphQLObjectType, left: readonly string[], depth = 0): string {
  return Object.values(type.getFields())
    .flatMap((field) => {
      const named = getNamedType(field.type);
      if (left.includes(field.name) || (type.name === 'Area' && field.name === 'totals')) return [];
      if (field.args.some((arg) => isNonNullType(arg.type))) return [];
      if (isLeafType(named)) return [field.name];
      if (!isObjectType(named) || depth > 3) return [];
      return [`${field.name} { ${everyField(named, left, depth + 1)} }`];
    })
    .join(' ');
}

function frameOf(schema: GraphQLSchema, field: string): GraphQLObjectType {
  return getNamedType(schema.getSubscriptionType()?.getFields()[field]?.type) as GraphQLObjectType;
}

interface Asked {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

const STANDING =
  'fragment Standing on AreaTotals { rank area { code name } totals { enrolled gap achievement monthsPaid { none one } } }';

const asked = (schema: GraphQLSchema): readonly (readonly [string, Asked])[] => [
  [
    'every field of totals',
    {
      query: `subscription { totalsChanged(parts: DISTRICT) { ${everyField(frameOf(schema, 'totalsChanged'), BELOW[schema === publicSchema ? 'public' : 'staff'])} } }`,
    },
  ],
  [
    'every field of leaders',
    {
      query: `subscription { leadersChanged(level: VILLAGE) { ${everyField(frameOf(schema, 'leadersChanged'), ['children'])} } }`,
    },
  ],
  [
    'parts',
    {
      query:
        'subscription { totalsChanged(parts: DISTRICT) { parts { rank area { id code } totals { enrolled target evenAchievement } } } }',
    },
  ],
  [
    'fragments and aliases',
    {
      query: `subscription { ...Root } fragment Root on Subscription { city: totalsChanged(parts: DISTRICT) {
        k: kind at: asOf whole { ...Standing } parts { ... on AreaTotals { place: rank ...Standing } } } } ${STANDING}`,
    },
  ],
  [
    'variables and directives',
    {
      query: `subscription Named($area: String, $parts: AreaLevel = VILLAGE, $isWhole: Boolean!) {
        totalsChanged(area: $area, parts: $parts) { revision kind whole @include(if: $isWhole) { ...Standing } parts { ...Standing } } } ${STANDING}`,
      variables: { isWhole: true, area: '12.71.14', parts: null, unknown: 'é "quoted" \n 漢' },
      operationName: 'Named',
    },
  ],
  // Left out is judged by a variable that is null where it may not be: where it is judged at all.
  [
    'a directive that cannot be judged',
    {
      query: 'subscription ($y: Boolean = true) { totalsChanged { revision kind @include(if: $y) } }',
      variables: { y: null },
    },
  ],
  [
    'a directive that is never judged',
    {
      query:
        'subscription ($y: Boolean = true) { totalsChanged { revision kind @skip(if: true) @include(if: $y) } }',
      variables: { y: null },
    },
  ],
  ['a place that is not there', { query: 'subscription { totalsChanged(area: "12.71.99") { revision } }' }],
  ['leaders of nobody', { query: 'subscription { leadersChanged(level: CITY) { revision } }' }],
];

/** The same schema on the same live path, executed by graphql-ws for each subscriber by itself. */
async function openPlain(schema: GraphQLSchema, actor: Actor | null) {
  const server = createServer();
  const wss = new WebSocketServer({ server, path: '/graphql' });
  const context: Context = {
    services: small.services,
    audience: audienceOf(actor),
    actor: null,
    language: 'id',
  };
  const plain = serve(
    {
      schema,
      context: () => ({ ...context }),
      onNext: (_context, _id, _payload, _args, { errors, data }) =>
        errors
          ? { data: data ?? null, errors: errors.map((error) => maskError(error, createLog())) }
          : undefined,
    },
    wss,
  );
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const client of wss.clients) client.terminate();
      await plain.dispose();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const opened: RawSocket[] = [];

async function follow(port: number, id: string, payload: Asked, key?: string): Promise<RawSocket> {
  const socket = await openRawSocket(port);
  opened.push(socket);
  await socket.begin(key);
  socket.say({ id, type: 'subscribe', payload });
  await until('the first frame', () => socket.messages().length > 1);
  return socket;
}

const settled = (socket: RawSocket, count: number) =>
  until(`${count} messages`, () => socket.messages().length >= count);

describe('a shared subscription', () => {
  const sides = [
    ['public', publicSchema, null],
    ['staff', staffSchema, { principalId: 1, role: 'DIRECTOR', areaCode: CITY } as const],
  ] as const;
  for (const [side, schema, actor] of sides) {
    test.each(asked(schema))(
      `[LIV-74] sends ${side} the same bytes as the plain way: %s`,
      async (_name, payload) => {
        const plain = await openPlain(schema, actor);
        const key = actor ? keys.city : undefined;
        const id = 'é"1';
        const [one, other, alone] = await Promise.all([
          follow(small.port, id, payload, key),
          follow(small.port, '1', payload, key),
          follow(plain.port, id, payload),
        ]);
        const isRefused = alone.messages()[1]?.includes('"errors"');
        for (let count = 3; count < 6 && !isRefused; count++) {
          if (count === 4) small.live.hub.snapshot();
          if (count === 4) small.live.leaders.snapshot();
          if (count !== 4) await small.commit();
          for (const each of [one, other, alone]) await settled(each, count);
        }
        expect(one.messages()).toEqual(alone.messages());
        expect(
          other.messages().map((text) => text.replace('"id":"1"', `"id":${JSON.stringify(id)}`)),
        ).toEqual(alone.messages());
        await plain.close();
      },
    );
  }

  test('[LIV-75] is executed once a frame however many follow, whatever order their variables are in', async () => {
    const query =
      'subscription A($a: String, $b: AreaLevel) { totalsChanged(area: $a, parts: $b) { kind revision } }';
    const crowd = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        follow(small.port, String(index), {
          query,
          variables: index % 2 ? { a: CITY, b: 'DISTRICT' } : { b: 'DISTRICT', a: CITY },
        }),
      ),
    );
    expect(small.sockets.statistics()).toMatchObject({ groups: 1, followers: 40, sockets: 40 });
    const before = small.sockets.statistics();
    for (let index = 0; index < 5; index++) {
      await small.commit();
      for (const each of crowd) await settled(each, 3 + index);
    }
    const after = small.sockets.statistics();
    expect(after.renderings - before.renderings).toBe(5);
    expect(after.delivered - before.delivered).toBe(200);
    const late = await Promise.all(
      [1, 2, 3].map(() => follow(small.port, '1', { query, variables: { a: CITY, b: 'DISTRICT' } })),
    );
    expect(small.sockets.statistics().renderings - after.renderings).toBe(1);
    for (const each of late) expect(each.messages()[1]).toContain('SNAPSHOT');
  });

  test('[LIV-76] never gives one audience the bytes of another, however alike they ask', async () => {
    const query = `subscription { totalsChanged(area: "12.71.01", parts: VILLAGE) { revision whole { totals { enrolled monthsPaid { none one more } persistency { tooNew paying } } } } }`;
    const open =
      'subscription { totalsChanged(area: "12.71.01") { revision whole { totals { enrolled monthsPaid { none one more } } } } }';
    await small.commit('12.71.01.1001-001');
    const anyone = await follow(small.port, '1', { query: open });
    const screen = await follow(small.port, '1', { query: open }, keys.screen);
    const city = await follow(small.port, '1', { query: open }, keys.city);
    const district = await follow(small.port, '1', { query: open }, keys.district);
    expect(small.sockets.statistics().groups).toBe(3);
    await small.commit('12.71.01.1001-001');
    for (const each of [anyone, screen, city, district]) await settled(each, 3);
    const hidden = ({ messages }: RawSocket) =>
      messages()
        .slice(1)
        .map((text) => text.includes('"none":null'));
    expect(hidden(anyone)).toEqual([true, true]);
    expect(hidden(screen)).toEqual([true, true]);
    expect(hidden(city)).toEqual([false, false]);
    expect(hidden(district)).toEqual([false, false]);
    // A district's villages in public, and another district's for staff of one: refused beside groups that have them.
    const asStaff = await follow(small.port, '1', { query }, keys.district);
    const asAnyone = await follow(small.port, '1', { query });
    const foreign = await follow(
      small.port,
      '1',
      { query: query.replace('12.71.01', '12.71.14') },
      keys.district,
    );
    expect(asStaff.messages()[1]).toContain('"none":');
    for (const each of [asAnyone, foreign]) {
      expect(each.messages()[1]).toContain('BAD_USER_INPUT');
      expect(each.messages().join()).not.toContain('"none":');
    }
  });

  test('[LIV-77] knows no reader: a resolver that wants one fails, for everyone and without a word about it', () => {
    const schema = buildSchema('type Query { mine: String language: String audience: String }');
    const rootValue = {
      mine: (_args: unknown, { actor }: Context) => String(actor?.principalId),
      language: (_args: unknown, { language }: Context) => language,
      audience: (_args: unknown, { audience }: Context) => audience,
    };
    const contextValue = sharedContext(small.services, 'public');
    const { data, errors } = graphqlSync({
      schema,
      source: '{ mine language audience }',
      rootValue,
      contextValue,
    });
    expect(data).toEqual({ mine: null, language: null, audience: 'public' });
    expect(errors).toHaveLength(2);
  });

  test('[LIV-77] is shared only where its field says so', async () => {
    const field = publicSchema.getSubscriptionType()?.getFields().leadersChanged;
    if (!field) throw new Error('no leaders');
    const { extensions } = field;
    const query = 'subscription { leadersChanged(level: DISTRICT) { kind revision } }';
    field.extensions = {};
    try {
      const alone = await follow(small.port, '1', { query });
      expect(alone.messages()[1]).toContain('SNAPSHOT');
      expect(small.sockets.statistics().groups).toBe(0);
    } finally {
      field.extensions = extensions;
    }
    await follow(small.port, '1', { query });
    expect(small.sockets.statistics().groups).toBe(1);
  });

  test('[LIV-125] what could not be opened follows nothing', async () => {
    const broken = await openSmallSockets((services) => {
      const broadcast = Object.create(services.live.broadcast, {
        open: {
          value: () => {
            throw new Error('by the test');
          },
        },
      });
      return { ...services, live: Object.create(services.live, { broadcast: { value: broadcast } }) };
    });
    const socket = await openRawSocket(broken.port);
    await socket.begin();
    socket.say({
      id: '1',
      type: 'subscribe',
      payload: { query: 'subscription { totalsChanged { revision } }' },
    });
    await until('it to be told', () => broken.logged.some((line) => line.includes('by the test')));
    await until('nobody to follow', () => broken.live.hub.followers === 0);
    socket.destroy();
    await broken.close();
  });

  test('[LIV-78] tells everyone of a group the same of an error, and nothing of its cause', async () => {
    const broken = await openSmallSockets((services) => ({
      ...services,
      areas: { ...services.areas, byId: () => undefined },
    }));
    const query = 'subscription { totalsChanged { revision whole { area { code } } } }';
    const both = await Promise.all([
      follow(broken.port, '1', { query }),
      follow(broken.port, '1', { query }),
    ]);
    const [first, second] = both.map(({ messages }) => messages()[1]);
    expect(first).toMatch(/"payload":\{"data":null,"errors":\[\{"message":"Something went wrong/);
    expect(first).toBe(second);
    expect(first).not.toContain('index');
    expect(broken.logged.filter((line) => line.includes('a request failed'))).toHaveLength(1);
    await broken.close();
  });
});
