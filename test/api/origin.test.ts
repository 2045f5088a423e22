import { readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openTestApp, type TestApp } from '#test/support/app.ts';
import { ENROLL, enrollInput } from '#test/support/enroll.ts';
import { openRawSocket, type RawSocket } from '#test/support/raw-socket.ts';
import { until } from '#test/support/wait.ts';

/** Believed, and not. */
const [PROXY, STRANGER] = ['127.0.0.2', '127.0.0.3'] as const;
const SITE = 'papan.example';

let app: TestApp;
let cookie: string;
const opened: RawSocket[] = [];

beforeAll(async () => {
  app = await openTestApp('DEMO', undefined, { trustedProxies: [PROXY] });
  const accounts = JSON.parse(readFileSync(path.join(app.dataDir, 'demo-accounts.json'), 'utf8')) as {
    role: string;
    password: string;
  }[];
  const password = accounts.find(({ role }) => role === 'bpjs')?.password;
  const signedIn = await ask('/session', {}, { body: { username: 'bpjs', password } });
  cookie = signedIn.cookie;
});
afterAll(() => app.close());
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
});

type Headers = Readonly<Record<string, string>>;
interface Sent {
  readonly method?: string;
  readonly body?: object | string;
  readonly from?: string;
}

/** As a browser or a proxy would send it, with the headers that a page cannot choose. */
function ask(
  at: string,
  headers: Headers,
  { body, method = body ? 'POST' : 'GET', from = STRANGER }: Sent = {},
): Promise<{ status: number; text: string; cookie: string; letsIn: string | undefined }> {
  const type = typeof body === 'object' ? { 'content-type': 'application/json' } : {};
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${app.url}${at}`,
      { method, localAddress: from, agent: false, headers: { ...type, ...headers } },
      async (answer) => {
        const chunks = await answer.toArray();
        resolve({
          status: answer.statusCode ?? 0,
          text: Buffer.concat(chunks).toString(),
          cookie: answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '',
          letsIn: answer.headers['access-control-allow-origin'],
        });
      },
    );
    request.once('error', reject);
    request.end(typeof body === 'object' ? JSON.stringify(body) : body);
  });
}

const whoAmI = async (headers: Headers, from?: string) =>
  (await ask('/session', { cookie, ...headers }, from ? { from } : {})).status;

const FOREIGN = [
  ['another port of the same host', 'http://127.0.0.1:1'],
  ['another name', 'http://lain.example'],
  ['no place at all', 'null'],
  ['what is no origin', 'omong kosong'],
] as const;

describe('a cookie', () => {
  test.each(FOREIGN)(
    '[ACC-40] is not read on HTTP where a page of another origin sends it: %s',
    async (_name, origin) => {
      expect(await whoAmI({ origin })).toBe(401);
      const enroll = { query: ENROLL, variables: { input: enrollInput(1) } };
      const posted = await ask('/graphql', { cookie, origin }, { body: enroll });
      expect(posted.text).not.toContain('"__typename":"EnrollPayload"');
      const file = { cookie, origin, 'content-type': 'text/plain' };
      expect((await ask('/imports', file, { body: 'nik,nama\n' })).status).toBe(401);
      await ask('/session', { cookie, origin }, { method: 'DELETE' });
      expect(await whoAmI({})).toBe(200);
    },
  );

  test('[ACC-40] is read where the page is of this server, or no page at all', async () => {
    expect(await whoAmI({ origin: app.url })).toBe(200);
    expect(await whoAmI({})).toBe(200);
    expect(await whoAmI({ host: SITE, origin: `http://${SITE}` })).toBe(200);
    // Ports that need not be written.
    expect(await whoAmI({ host: `${SITE}:443`, origin: `https://${SITE}` })).toBe(200);
    expect(await whoAmI({ host: `${SITE}:444`, origin: `https://${SITE}` })).toBe(401);
    const enroll = { query: ENROLL, variables: { input: enrollInput(2) } };
    expect((await ask('/graphql', { cookie, origin: app.url }, { body: enroll })).text).toContain(
      '"__typename":"EnrollPayload"',
    );
  });

  test("[ACC-40] is judged by the name that a proxy says it was asked by, and by nobody else's word", async () => {
    const asked = { host: 'server-1:4000', 'x-forwarded-host': SITE };
    const ours = { ...asked, origin: `https://${SITE}` };
    const others = { ...asked, origin: 'https://lain.example' };
    expect(await whoAmI(ours, PROXY)).toBe(200);
    expect(await whoAmI(others, PROXY)).toBe(401);
    expect(await whoAmI({ ...ours, 'x-forwarded-host': `lain.example, ${SITE}` }, PROXY)).toBe(200);
    expect(await whoAmI(ours, STRANGER)).toBe(401);
    expect(await whoAmI({ host: SITE, origin: `https://${SITE}` }, PROXY)).toBe(200);
  });
});

describe('a page of another origin', () => {
  test('[ACC-40] signs nobody in: a browser asks first before it sends JSON, and nothing else is read', async () => {
    const origin = 'http://127.0.0.1:1';
    const body = JSON.stringify({ username: 'bpjs', password: 'tebakan' });
    const plain = await ask('/session', { origin, 'content-type': 'text/plain' }, { body });
    expect([plain.status, plain.cookie]).toEqual([400, '']);
    const asksFirst = { origin, 'access-control-request-method': 'POST' };
    for (const at of ['/session', '/graphql', '/imports'])
      expect((await ask(at, asksFirst, { method: 'OPTIONS' })).letsIn).toBeUndefined();
  });
});

describe('a socket', () => {
  const MUTATION = 'mutation E($input: EnrollInput!) { enroll(input: $input) { __typename } }';
  const open = async (headers: Headers, authorization?: string, from: string = STRANGER) => {
    const socket = await openRawSocket(Number(new URL(app.url).port), from, headers);
    opened.push(socket);
    await socket.begin(authorization);
    return socket;
  };
  const enrolls = async (socket: RawSocket, number: number) => {
    const payload = { query: MUTATION, variables: { input: enrollInput(number) } };
    socket.say({ id: '1', type: 'subscribe', payload });
    await until('the answer', () => socket.messages().length > 1);
    return socket.messages()[1]?.includes('"__typename":"EnrollPayload"');
  };
  // The raw socket says `Host: x`.
  const OWN = 'http://x';

  test.each(FOREIGN)(
    '[ACC-40] that a page of another origin opens does not read the cookie: %s',
    async (_name, origin) => {
      expect(await enrolls(await open({ Cookie: cookie, Origin: origin }), 10)).toBe(false);
    },
  );

  test('[ACC-40] that a page of ours or a machine opens does, and a key is read whoever presents it', async () => {
    expect(await enrolls(await open({ Cookie: cookie, Origin: OWN }), 11)).toBe(true);
    expect(await enrolls(await open({ Cookie: cookie }), 12)).toBe(true);
    const key = `Bearer ${app.key('bpjs')}`;
    expect(await enrolls(await open({ Cookie: cookie, Origin: 'http://lain.example' }, key), 13)).toBe(true);
    const behind = { Cookie: cookie, Origin: `https://${SITE}`, 'X-Forwarded-Host': SITE };
    expect(await enrolls(await open(behind, undefined, PROXY), 14)).toBe(true);
    expect(await enrolls(await open(behind, undefined, STRANGER), 15)).toBe(false);
  });
});
