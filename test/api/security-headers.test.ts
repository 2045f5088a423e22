import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HTTP_LIMITS } from '#server/http/http-limits.ts';
import { openTestApp, type TestApp } from '#test/support/app.ts';

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
  const policy = answer.headers.get('content-security-policy')?.split(';') ?? [];
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("object-src 'none'");
  expect(policy).toContain("frame-ancestors 'self'");
  expect(policy.filter((rule) => rule.startsWith('script-src'))).toEqual([]);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('x-frame-options')).toBe('SAMEORIGIN');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
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
