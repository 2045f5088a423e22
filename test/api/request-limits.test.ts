import http from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announceGrants } from '#server/domain/access/announce-grants.ts';
import { hashKey, newKey } from '#server/domain/access/keys.ts';
import { createPrincipals } from '#server/domain/access/principals.ts';
import { PROGRAM_ID } from '#server/domain/program/found-program.ts';
import { HTTP_LIMITS } from '#server/http/http-limits.ts';
import { bucketOf } from '#server/http/request-limits.ts';
import { openTestApp, type TestApp } from '#test/support/app.ts';
import { until } from '#test/support/wait.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

interface Counted {
  readonly status: number;
  /** Requests a second that are let pass of whom this one was counted as, and how many were left. */
  readonly limit: number;
  readonly left: number;
}

function ask(authorization: string | undefined, from: string): Promise<Counted> {
  return new Promise((resolve, reject) => {
    const headers = authorization === undefined ? {} : { authorization };
    const request = http.request(
      `${app.url}/graphql?query=%7Bprogram%7Bname%7D%7D`,
      {
        localAddress: from,
        agent: false,
        headers: { ...headers, 'apollo-require-preflight': '1' },
      },
      (answer) => {
        answer.resume();
        const said = (name: string) => Number(answer.headers[`x-ratelimit-${name}`]);
        answer.once('end', () =>
          resolve({ status: answer.statusCode ?? 0, limit: said('limit'), left: said('remaining') }),
        );
      },
    );
    request.once('error', reject);
    request.end();
  });
}

const { requestsPerAddress, requestsPerKey } = HTTP_LIMITS;
const bearer = (role: string) => `Bearer ${app.key(role)}`;
const thirty = (authorization: (number: number) => string | undefined, from: string) =>
  Promise.all(Array.from({ length: 30 }, (_, number) => ask(authorization(number), from)));
/** Even where a second ends between them, half of thirty were counted together. */
const TOGETHER = 15;

describe('requests a second', () => {
  test.each([
    ['keys that nobody has', (number: number) => `Bearer x${number}`],
    ['keys that nobody has, as ours look', () => `Bearer ${newKey()}`],
    ['what is no key', (number: number) => `${number}`.repeat(4_000)],
    [
      'nothing, and now and then a wrong key',
      (number: number) => (number % 2 ? `Bearer y${number}` : undefined),
    ],
  ])('[OPS-30] are counted by address for %s', async (name, authorization) => {
    const answers = await thirty(authorization, `127.0.3.${name.length}`);
    for (const { limit } of answers) expect(limit).toBe(requestsPerAddress);
    expect(Math.min(...answers.map(({ left }) => left))).toBeLessThanOrEqual(requestsPerAddress - TOGETHER);
  });

  test('[OPS-30] have a count of their own for each right key and address, from its second one on', async () => {
    const [one, other] = [bearer('bpjs'), bearer('director')];
    expect((await ask(one, '127.0.4.1')).status).toBe(200);
    expect((await ask(other, '127.0.4.1')).status).toBe(200);
    const answers = await thirty(() => one, '127.0.4.1');
    for (const { status, limit } of answers) expect([status, limit]).toEqual([200, requestsPerKey]);
    expect(Math.min(...answers.map(({ left }) => left))).toBeLessThanOrEqual(requestsPerKey - TOGETHER);
    expect(await ask(other, '127.0.4.1')).toMatchObject({ limit: requestsPerKey, left: requestsPerKey - 1 });
    expect(await ask(one, '127.0.4.2')).toMatchObject({ limit: requestsPerKey, left: requestsPerKey - 1 });
    expect(await ask(undefined, '127.0.4.1')).toMatchObject({ limit: requestsPerAddress });
  });

  test("[OPS-30] of a key that was taken away are its address's again", async () => {
    const key = bearer('village');
    await ask(key, '127.0.5.1');
    expect((await ask(key, '127.0.5.1')).limit).toBe(requestsPerKey);
    const { prisma } = app.database.store;
    await prisma.principal.updateMany({ where: { username: 'village' }, data: { revokedAt: new Date() } });
    await announceGrants(prisma, PROGRAM_ID);
    await until('the key to be refused', async () => (await ask(key, '127.0.5.1')).status === 401);
    expect(await ask(key, '127.0.5.1')).toMatchObject({ status: 401, limit: requestsPerAddress });
  });
});

test('[OPS-30] a key that is being looked up is waited for, and one that nobody asked about is not looked up', async () => {
  const principals = createPrincipals(app.database.store.prisma, PROGRAM_ID);
  const [right, wrong] = [app.key('bpjs'), newKey()];
  const namesOf = (...keys: string[]) => Promise.all(keys.map(principals.nameOfKnown));
  expect(await principals.nameOfKnown(right)).toBeNull();
  const asking = [principals.byKey(right), principals.byKey(wrong)];
  expect(await namesOf(right, wrong)).toEqual([expect.any(String), null]);
  await Promise.all(asking);
  expect(await namesOf(right, wrong)).toEqual([expect.any(String), null]);
  principals.forget();
  expect(await principals.nameOfKnown(right)).toBeNull();
});

describe('a count', () => {
  const known = { nameOfKnown: async (key: string) => hashKey(key).toString('base64') };
  const unknown = { nameOfKnown: async () => null };

  test('[OPS-30] has a short name that holds no key, whatever is sent', async () => {
    const key = newKey();
    for (const authorization of [`Bearer ${key}`, 'Bearer '.padEnd(16_000, 'x'), 'x'.repeat(16_000)]) {
      for (const principals of [known, unknown]) {
        const name = await bucketOf('2001:db8:1:2:3:4:5:6', authorization, principals);
        expect(name.length).toBeLessThan(100);
        expect(name).not.toContain(key);
        expect(name).toContain('2001:db8:1:2::/64');
      }
    }
  });
});
