import http from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { networkOf } from '#server/http/client-address.ts';
import { HTTP_LIMITS, SOCKET_LIMITS } from '#server/http/http-limits.ts';
import { openTestApp, type TestApp } from '#test/support/app.ts';
import { openRawSocket, type RawSocket } from '#test/support/raw-socket.ts';

/** Two that are believed, one by its address and one by its network, and one that is not. */
const [PROXY, OTHER_PROXY, STRANGER] = ['127.0.0.1', '127.0.7.9', '127.0.0.2'] as const;
/** Of nobody: addresses for documents. */
const client = (number: number) => `203.0.113.${number}`;

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::ffff:cb00:7107', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1:2%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
])('[OPS-24] %s is counted as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

let app: TestApp;
const opened: RawSocket[] = [];
beforeAll(async () => {
  app = await openTestApp('DEMO', undefined, { trustedProxies: [PROXY, '127.0.7.0/24'] });
});
afterAll(() => app.close());
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
});

interface Asked {
  readonly path: string;
  readonly body?: object;
}

/** As it arrives from `from`, which says that it came for `chain`. */
function ask({ path, body }: Asked, from: string, chain?: string): Promise<{ status: number; left: number }> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(chain === undefined ? {} : { 'x-forwarded-for': chain }),
      ...(body ? { 'content-type': 'application/json' } : {}),
    };
    const request = http.request(
      `${app.url}${path}`,
      { method: body ? 'POST' : 'GET', localAddress: from, headers, agent: false },
      (answer) => {
        answer.resume();
        const left = Number(answer.headers['x-ratelimit-remaining']);
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, left }));
      },
    );
    request.once('error', reject);
    request.end(body && JSON.stringify(body));
  });
}

/** Of some thirty requests, how many were left to the one that found the fewest. */
async function fewestLeft(from: string, chain: (number: number) => string | undefined): Promise<number> {
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, number) => ask({ path: '/healthz' }, from, chain(number))),
  );
  return Math.min(...answers.map(({ left }) => left));
}

const port = () => Number(new URL(app.url).port);
async function open(from: string, chain: string): Promise<RawSocket> {
  const socket = await openRawSocket(port(), from, { 'X-Forwarded-For': chain });
  opened.push(socket);
  return socket;
}
/** Opens sockets one after another; gives how many were let in. */
async function letIn(count: number, from: string, chain: (number: number) => string): Promise<number> {
  const crowd = await Promise.allSettled(Array.from({ length: count }, (_, n) => open(from, chain(n))));
  return crowd.filter(({ status }) => status === 'fulfilled').length;
}
const MANY = SOCKET_LIMITS.newPerAddress + 20;

describe('behind a proxy that is believed', () => {
  test('[OPS-16] each client has requests of its own', async () => {
    const all = HTTP_LIMITS.requestsPerAddress;
    expect(await fewestLeft(PROXY, client)).toBe(all - 1);
    expect(await fewestLeft(OTHER_PROXY, (number) => client(100 + number))).toBe(all - 1);
    // Even where a second ends between them, half of them were counted together.
    expect(await fewestLeft(PROXY, () => client(77))).toBeLessThanOrEqual(all - 15);
    // Whatever the client wrote itself stands before what the proxy adds, and is not believed.
    expect(await fewestLeft(PROXY, (number) => `${client(number)}, ${client(78)}`)).toBeLessThanOrEqual(
      all - 15,
    );
    // One proxy behind the other: the first that is not one of them.
    expect(await fewestLeft(PROXY, (number) => `${client(200 + number)}, ${OTHER_PROXY}`)).toBe(all - 1);
  });

  test('[OPS-16] one client that guesses passwords keeps no other from signing in', async () => {
    const guess = { path: '/session', body: { username: 'governance', password: 'tebakan' } };
    const guesses = HTTP_LIMITS.signInsPerMinute;
    for (let number = 0; number < guesses; number++)
      expect((await ask(guess, PROXY, client(1))).status).toBe(401);
    expect((await ask(guess, PROXY, client(1))).status).toBe(429);
    expect((await ask(guess, PROXY, `${client(9)}, ${client(1)}`)).status).toBe(429);
    expect((await ask(guess, PROXY, client(2))).status).toBe(401);
  });

  test('[OPS-16] one client that opens sockets keeps no other out', async () => {
    expect(await letIn(MANY, PROXY, () => client(3))).toBe(SOCKET_LIMITS.newPerAddress);
    await expect(open(PROXY, `${client(4)}, ${client(3)}`)).rejects.toThrow('429');
    await (await open(PROXY, client(4))).begin();
  });

  test('[OPS-24] an IPv6 client is counted by its /64, on HTTP, at the sign-in and on the socket', async () => {
    const all = HTTP_LIMITS.requestsPerAddress;
    const own = (number: number) => `2001:db8:0:1::${number.toString(16)}`;
    const others = (number: number) => `2001:db8:0:${(2 + number).toString(16)}::1`;
    expect(await fewestLeft(PROXY, own)).toBeLessThanOrEqual(all - 15);
    expect(await fewestLeft(PROXY, others)).toBe(all - 1);
    const guess = { path: '/session', body: { username: 'admin', password: 'tebakan' } };
    for (let number = 0; number < HTTP_LIMITS.signInsPerMinute; number++)
      expect((await ask(guess, PROXY, own(number))).status).toBe(401);
    expect((await ask(guess, PROXY, own(99))).status).toBe(429);
    expect((await ask(guess, PROXY, others(0))).status).toBe(401);
    expect(await letIn(MANY, PROXY, own)).toBe(SOCKET_LIMITS.newPerAddress);
    await (await open(PROXY, others(1))).begin();
  });

  test('[OPS-12] what it hands on is not from the machine itself, whoever it says it is from', async () => {
    for (const path of ['/metrics', '/operator']) {
      expect((await ask({ path }, PROXY)).status).toBe(200);
      for (const chain of [PROXY, '::1', client(5), ''])
        expect((await ask({ path }, PROXY, chain)).status).toBe(403);
      for (const chain of [PROXY, '::1']) expect((await ask({ path }, OTHER_PROXY, chain)).status).toBe(403);
    }
  });
});

describe('anyone else', () => {
  test('[OPS-16] who names other addresses is counted by its own, on HTTP and on the socket', async () => {
    expect(await fewestLeft(STRANGER, client)).toBeLessThanOrEqual(HTTP_LIMITS.requestsPerAddress - 15);
    const guess = { path: '/session', body: { username: 'director', password: 'tebakan' } };
    for (let number = 0; number < HTTP_LIMITS.signInsPerMinute; number++)
      expect((await ask(guess, STRANGER, client(number))).status).toBe(401);
    expect((await ask(guess, STRANGER, client(99))).status).toBe(429);
    expect(await letIn(MANY, STRANGER, client)).toBe(SOCKET_LIMITS.newPerAddress);
    // The places were its own: those that it named have theirs.
    await expect(open(PROXY, STRANGER)).rejects.toThrow('429');
    await (await open(PROXY, client(1))).begin();
  });
});
