import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApp, type TestApp } from '#test/support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

test.each([
  ['figures', '/totals.json', 200],
  ['a page', '/board', 200],
  ['a question', '/graphql?query={__typename}', 200],
  ['what is not there', '/nothing/here', 404],
  ['a wrong question', '/graphql?query={', 400],
])('[OPS-41] %s says what a browser may run and who may frame it', async (_, at, status) => {
  const answer = await fetch(`${app.url}${at}`, { headers: { 'apollo-require-preflight': '1' } });
  await answer.arrayBuffer();
  expect(answer.status).toBe(status);
  const policy = answer.headers.get('content-security-policy')?.split(';') ?? [];
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("object-src 'none'");
  expect(policy).toContain("frame-ancestors 'self'");
  expect(policy.filter((rule) => rule.startsWith('script-src'))).toEqual([]);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('x-frame-options')).toBe('SAMEORIGIN');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
});
