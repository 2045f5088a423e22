import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HTTP_LIMITS } from '#server/http/http-limits.ts';
import { openTestApp, type TestApp } from '#test/support/app.ts';
import { until } from '#test/support/wait.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const json = { 'content-type': 'application/json' };
const ask = (at: string, init: RequestInit = {}) => fetch(`${app.url}${at}`, init);

test.each<[string, string, RequestInit, number]>([
  ['figures', '/totals.json', {}, 200],
  ['a page', '/board', {}, 200],
  ['a question', '/graphql?query={__typename}', { headers: { 'apollo-require-preflight': '1' } }, 200],
  ['what is not there', '/nothing/here', {}, 404],
  ['an address that cannot be read', '/%', {}, 400],
  ['a wrong question', '/graphql?query={', { headers: { 'apollo-require-preflight': '1' } }, 400],
  [
    'a wrong key',
    '/graphql',
    { method: 'POST', headers: { ...json, authorization: 'Bearer x' }, body: '{}' },
    401,
  ],
  [
    'too much',
    '/graphql',
    { method: 'POST', headers: json, body: ' '.repeat(HTTP_LIMITS.bodyBytes + 1) },
    413,
  ],
])('[OPS-41] %s says what a browser may run and who may frame it', async (_, at, init, status) => {
  const answer = await ask(at, init);
  const text = await answer.text();
  expect(answer.status).toBe(status);
  if (status >= 400 && status !== 404) expect(JSON.parse(text)).toHaveProperty('errors');
  expectHeaders(answer);
});

test('[OPS-41] GraphiQL comes whole to a browser, with one policy, its own', async () => {
  const answer = await ask('/graphql', { headers: { accept: 'text/html', 'accept-encoding': 'identity' } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'self'; script-src [^,]*$/);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  const page = Buffer.from(await answer.arrayBuffer());
  const text = page[0] === 0x1f ? gunzipSync(page).toString() : page.toString();
  expect(text).toContain('Empowering Kepling');
  expect(text.trimEnd()).toMatch(/<\/html>$/);
});

test('[OPS-41] a file of the pages says it too', async () => {
  const page = await (await ask('/board')).text();
  const file = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? 'no script in the page';
  const script = await ask(file);
  await script.arrayBuffer();
  expect(script.status).toBe(200);
  expectHeaders(script);
});

// The last one: whoever asks after it may have to wait.
test('[OPS-41] who is told to wait is told so too', async () => {
  const refused = await until('a request too many', async () => {
    const answers = await Promise.all(
      Array.from({ length: HTTP_LIMITS.requestsPerAddress + 1 }, () => ask('/totals.json')),
    );
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    return answers.find(({ status }) => status === 429);
  });
  expectHeaders(refused);
});

function expectHeaders(answer: Response): void {
  const policy = answer.headers.get('content-security-policy')?.split(';') ?? [];
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("object-src 'none'");
  expect(policy).toContain("frame-ancestors 'self'");
  expect(policy.filter((rule) => rule.startsWith('script-src'))).toEqual([]);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('x-frame-options')).toBe('SAMEORIGIN');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
}
