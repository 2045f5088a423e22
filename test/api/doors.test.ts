import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApp, type TestApp } from '#test/support/app.ts';
import { ENROLL, enrollInput, madeUpNik, type Outcome, sendEnroll, WITHDRAW } from '#test/support/enroll.ts';
import { expectNothingOfOurs } from '#test/support/expect-nothing-of-ours.ts';

let app: TestApp;
let bpjs: string;

beforeAll(async () => {
  app = await openTestApp();
  bpjs = app.key('bpjs');
});
afterAll(() => app.close());

const revision = async () =>
  (
    await app.ask<{ program: { city: { totals: { revision: number } } } }>(
      '{ program { city { totals { revision } } } }',
    )
  ).data.program.city.totals.revision;

/** Whatever was sent, nothing was counted by it. */
async function changesNothing(work: () => Promise<void>): Promise<void> {
  const before = await app.database.store.pool('reader').query('SELECT revision FROM ledger_heads');
  await work();
  const after = await app.database.store.pool('reader').query('SELECT revision FROM ledger_heads');
  expect(after.rows).toEqual(before.rows);
}

describe('enroll', () => {
  test('[GQL-1] an accepted enrollment answers with its revision, and the same key with the first answer', async () => {
    const input = enrollInput(1);
    const first = await sendEnroll(app.ask, input, bpjs);
    expect(first).toMatchObject({ __typename: 'EnrollPayload', enrollment: { status: 'ENROLLED' } });
    expect(await sendEnroll(app.ask, input, bpjs)).toEqual(first);
    const { data } = await app.ask<{ area: { totals: { enrolled: number; revision: number } } }>(
      `{ area(code: "12.71.14.1001-001") { totals(atLeast: ${first.revision}) { enrolled revision } } }`,
      {},
      bpjs,
    );
    expect(data.area.totals).toEqual({ enrolled: 1, revision: first.revision });
  });

  test('[GQL-2] whoever may not verify enrolls people as pending, and pending is not enrolled', async () => {
    const before = await revision();
    const answer = await sendEnroll(app.ask, enrollInput(2), app.key('neighborhood'));
    expect(answer).toMatchObject({ __typename: 'EnrollPayload', enrollment: { status: 'PENDING' } });
    const { data } = await app.ask<{ area: { totals: { enrolled: number; pending: number } } }>(
      `{ area(code: "12.71.14.1001-001") { totals(atLeast: ${before + 1}) { enrolled pending } } }`,
      {},
      bpjs,
    );
    expect(data.area.totals).toEqual({ enrolled: 1, pending: 1 });
  });

  const refused: readonly [string, object, string, string | null][] = [
    ['a NIK of 15 digits', { nik: madeUpNik(10).slice(1) }, 'InvalidNik', 'nik'],
    ['a NIK with letters', { nik: 'ABCDEFGHIJKLMNOP' }, 'InvalidNik', 'nik'],
    ['a NIK of an impossible day', { nik: '9971013501900001' }, 'InvalidNik', 'nik'],
    ['the same NIK again', { nik: madeUpNik(1) }, 'DuplicateEnrollment', 'nik'],
    [
      'the same key with another input',
      { idempotencyKey: 'test 1' },
      'IdempotencyConflict',
      'idempotencyKey',
    ],
    [
      'a neighborhood that is not',
      { neighborhood: '12.71.14.1001-999' },
      'UnknownNeighborhood',
      'neighborhood',
    ],
    [
      'a village for a neighborhood',
      { neighborhood: '12.71.14.1001' },
      'UnknownNeighborhood',
      'neighborhood',
    ],
    ['no name', { name: '   ' }, 'InvalidInput', 'name'],
    ['a name without end', { name: 'x'.repeat(5_000) }, 'InvalidInput', 'name'],
    ['a birth in the future', { birthDate: '2031-01-01' }, 'InvalidInput', 'birthDate'],
    ['an enrollment before the program', { enrolledOn: '2024-01-01' }, 'InvalidInput', 'enrolledOn'],
    ['an empty key', { idempotencyKey: ' ' }, 'InvalidInput', 'idempotencyKey'],
  ];
  test.each(refused)(
    '[GQL-3] %s is refused by type, and changes nothing',
    async (_what, change, typename, field) => {
      await changesNothing(async () => {
        const answer = await sendEnroll(app.ask, { ...enrollInput(10), ...change }, bpjs);
        expect(answer).toMatchObject({ __typename: typename, field });
        expect(answer.message.length).toBeGreaterThan(10);
        expectNothingOfOurs(JSON.stringify(answer));
      });
    },
  );

  test('[ACC-20] a foreign neighborhood and a missing one get the same answer', async () => {
    await changesNothing(async () => {
      const district = app.key('district');
      const foreign = await sendEnroll(app.ask, enrollInput(11, '12.71.01.1001-001'), district);
      const missing = await sendEnroll(app.ask, enrollInput(11, '12.71.01.1001-999'), district);
      expect(foreign).toEqual(missing);
      expect(foreign.__typename).toBe('UnknownNeighborhood');
    });
  });

  test('[ACC-21] a role that may not enroll is refused by type', async () => {
    await changesNothing(async () => {
      for (const role of ['leadership', 'director', 'admin', 'governance']) {
        expect(await sendEnroll(app.ask, enrollInput(12), app.key(role))).toMatchObject({
          __typename: 'NotPermitted',
        });
      }
    });
  });
});

describe('withdraw', () => {
  test('[GQL-4] an enrollment is withdrawn once, and its person may enroll again', async () => {
    const enrolled = await sendEnroll(app.ask, enrollInput(20), bpjs);
    const input = {
      idempotencyKey: 'w 20',
      enrollment: enrolled.enrollment.id,
      reason: 'ENTERED_IN_ERROR',
      note: 'salah',
    };
    const withdraw = async (change: object) =>
      (await app.ask<{ withdraw: Outcome }>(WITHDRAW, { input: { ...input, ...change } }, bpjs)).data
        .withdraw;
    const first = await withdraw({});
    expect(first).toMatchObject({
      __typename: 'WithdrawPayload',
      revision: enrolled.revision + 1,
      enrollment: { status: 'WITHDRAWN' },
    });
    expect(await withdraw({})).toEqual(first);
    expect(await withdraw({ note: 'lain' })).toMatchObject({ __typename: 'IdempotencyConflict' });
    expect(await withdraw({ idempotencyKey: 'w 21' })).toMatchObject({ __typename: 'AlreadyWithdrawn' });
    expect(await withdraw({ idempotencyKey: 'w 22', enrollment: 'nonsense' })).toMatchObject({
      __typename: 'UnknownEnrollment',
    });
    const again = await sendEnroll(app.ask, { ...enrollInput(20), idempotencyKey: 'again 20' }, bpjs);
    expect(again).toMatchObject({ __typename: 'EnrollPayload', revision: first.revision + 1 });
  });
});

describe('requests that cannot be understood', () => {
  const wrong: readonly [string, string, object, string][] = [
    ['a missing field', ENROLL, { input: { idempotencyKey: 'x' } }, 'BAD_USER_INPUT'],
    ['an unknown field', ENROLL, { input: { ...enrollInput(30), age: 4 } }, 'BAD_USER_INPUT'],
    [
      'a wrong type, with a NIK in it',
      ENROLL,
      { input: { ...enrollInput(30), name: { nik: madeUpNik(30) } } },
      'BAD_USER_INPUT',
    ],
    [
      'an impossible date',
      ENROLL,
      { input: { ...enrollInput(30), birthDate: '2025-02-30' } },
      'BAD_USER_INPUT',
    ],
    ['a document with a NIK that breaks off', `{ area(code: ${madeUpNik(31)} `, {}, 'BAD_USER_INPUT'],
    ['a field that is not', '{ program { nothing } }', {}, 'BAD_USER_INPUT'],
    ['no document', '', {}, 'BAD_USER_INPUT'],
    [
      'a revision to come',
      '{ program { city { totals(atRevision: 999999) { enrolled } } } }',
      {},
      'BAD_USER_INPUT',
    ],
    [
      'a document too deep',
      `{ program { city { ${'parent { '.repeat(9)} name ${'} '.repeat(9)} } } }`,
      {},
      'BAD_USER_INPUT',
    ],
    [
      'a document of many aliases',
      `{ ${Array.from({ length: 70 }, (_, i) => `a${i}: program { mode }`).join(' ')} }`,
      {},
      'BAD_USER_INPUT',
    ],
    [
      'more of the past than one request may ask',
      `{ program { city { ${Array.from({ length: 4 }, (_, i) => `a${i}: children { totals(atRevision: 1) { enrolled } }`).join(' ')} } } }`,
      {},
      'BAD_USER_INPUT',
    ],
    ['fragments that double and double', doubling(24), {}, 'BAD_USER_INPUT'],
    ['a fragment in itself', '{ program { ...A } } fragment A on Program { ...A }', {}, 'BAD_USER_INPUT'],
  ];
  test.each(wrong)(
    '[GQL-5] %s is answered in words with a code, and changes nothing',
    async (_what, query, variables, code) => {
      await changesNothing(async () => {
        const { errors, data } = await app.ask(query, variables, bpjs);
        expect(data ?? null).toBeNull();
        expect(errors?.[0]?.extensions.code).toBe(code);
        expectNothingOfOurs(JSON.stringify(errors));
      });
    },
  );

  test('[GQL-6] a body of 2 MB, plain text and broken JSON are answered in words, and change nothing', async () => {
    await changesNothing(async () => {
      const send = (type: string, body: string) =>
        fetch(`${app.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': type, authorization: `Bearer ${bpjs}` },
          body,
        });
      const answers = [
        await send(
          'application/json',
          JSON.stringify({
            query: ENROLL,
            variables: { input: { ...enrollInput(32), name: 'x'.repeat(2_000_000) } },
          }),
        ),
        await send('text/plain', ENROLL),
        await send('application/json', '{"query": '),
        await send('application/json', '[1,2,3]'),
      ];
      for (const answer of answers) {
        const text = await answer.text();
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(JSON.parse(text).errors[0].extensions.code).toBe('BAD_USER_INPUT');
        expectNothingOfOurs(text);
      }
    });
  });

  test('[GQL-7] a credential that is not valid is never taken for none', async () => {
    for (const authorization of ['Bearer kp_wrong', 'Basic abc', 'Bearer', `Bearer ${'x'.repeat(3_000)}`]) {
      const answer = await fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query: '{ program { name } }' }),
      });
      expect(answer.status).toBe(401);
      expect((await answer.json()) as object).toMatchObject({
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      });
    }
  });

  test('[GQL-8] mutations and people are not in the public schema at all', async () => {
    const { errors } = await app.ask(ENROLL, { input: enrollInput(33) });
    expect(errors?.map(({ message }) => message).join()).toMatch(/Unknown type "EnrollInput"/);
    const { data } = await app.ask<{ __schema: { mutationType: object | null; types: { name: string }[] } }>(
      '{ __schema { mutationType { name } types { name } } }',
    );
    expect(data.__schema.mutationType).toBeNull();
    expect(data.__schema.types.map((type) => type.name)).not.toContain('Enrollment');
  });
});

test('[GQL-13] /totals.json is the public city frame, and says 304 to who has it', async () => {
  const first = await fetch(`${app.url}/totals.json`);
  const frame = (await first.json()) as { epoch: string; revision: number; kind: string; whole: object };
  const tag = first.headers.get('etag') ?? '';
  expect(tag).toBe(`"${frame.epoch}-${frame.revision}-${frame.kind}-0"`);
  expect(first.headers.get('x-as-of')).toMatch(/^2025-10-29T/);
  expect(first.headers.get('x-now')).toMatch(/^2025-10-29T/);
  expect(first.headers.get('cache-control')).toBe('max-age=1');
  const again = await fetch(`${app.url}/totals.json`, { headers: { 'if-none-match': tag } });
  expect([200, 304]).toContain(again.status);
  if (again.headers.get('etag') === tag) expect(again.status).toBe(304);
});

test('[ACC-22] no log line of these doors holds a NIK, a name or a key', () => {
  const lines = app.logged.join('\n');
  expect(lines).not.toMatch(/\d{16}|Orang Buatan|kp_/);
});

/** A small document that would be 2^n fields large if it were expanded. */
function doubling(n: number): string {
  const fragments = Array.from(
    { length: n },
    (_, i) => `fragment F${i} on Area { ${i === 0 ? 'name' : `...F${i - 1} ...F${i - 1}`} }`,
  );
  return `{ program { city { ...F${n - 1} } } } ${fragments.join(' ')}`;
}
