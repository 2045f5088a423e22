import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApp, type TestApp } from '#test/support/app.ts';
import { ENROLL, enrollInput } from '#test/support/enroll.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

interface Told {
  readonly status: number;
  readonly errors: readonly { message: string; extensions: { code: string } }[];
}

async function ask(query: string, authorization?: string, variables: object = {}): Promise<Told> {
  const answer = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  return { status: answer.status, errors: ((await answer.json()) as Told).errors };
}

test('[GQL-18] a subscription over HTTP is told the way to go, and is no fault of ours', async () => {
  const told = await ask('subscription { totalsChanged { revision } }');
  expect(told).toMatchObject({
    status: 400,
    errors: [
      { message: expect.stringContaining('over the WebSocket'), extensions: { code: 'BAD_USER_INPUT' } },
    ],
  });
  expect(told.errors).toHaveLength(1);
  expect(app.logged.filter((line) => line.includes('a request failed'))).toEqual([]);
});

test('[GQL-18] who changes something without a key is told first that it needs one', async () => {
  const told = await ask(ENROLL, undefined, { input: enrollInput(1) });
  expect(told.status).toBe(400);
  expect(told.errors[0]).toMatchObject({
    message: expect.stringContaining('Authorization: Bearer'),
    extensions: { code: 'UNAUTHENTICATED' },
  });
});

test('[GQL-18] whose key is nobody’s is told that, and not to send one', async () => {
  const { status, errors } = await ask('{ program { name } }', 'Bearer nobody-has-this');
  expect([status, errors[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
  expect(errors[0]?.message).toMatch(/^Nobody here has this key/);
});

test('[GQL-18] brackets in brackets are nested too deeply, and nothing of ours', async () => {
  const { status, errors } = await ask(`{ area(code: ${'['.repeat(9_000)}${']'.repeat(9_000)}) { name } }`);
  expect(status).toBe(400);
  expect(errors).toEqual([
    { message: 'The document is nested too deeply.', extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});
