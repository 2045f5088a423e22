import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { openTestApp, type TestApp } from '#test/support/app.ts';
import { ENROLL, enrollInput, madeUpNik, sendEnroll } from '#test/support/enroll.ts';
import { expectNothingOfOurs } from '#test/support/expect-nothing-of-ours.ts';

let app: TestApp;
let bpjs: string;

beforeAll(async () => {
  app = await openTestApp();
  bpjs = app.key('bpjs');
});
afterAll(() => app.close());

describe('the socket', () => {
  const open = async (...messages: string[]) => {
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const received: string[] = [];
    socket.on('message', (data) => received.push(String(data)));
    const closed = new Promise<{ code: number }>((resolve) =>
      socket.once('close', (code) => resolve({ code })),
    );
    socket.once('error', () => undefined);
    await new Promise((resolve) => socket.once('open', resolve));
    const [first, ...others] = messages;
    if (first) socket.send(first);
    if (others.length > 0) await expect.poll(() => received.join()).toMatch(/connection_ack/);
    for (const message of others) socket.send(message);
    return { socket, received, closed };
  };
  const init = (authorization?: string) =>
    JSON.stringify({ type: 'connection_init', payload: { authorization } });
  const subscribe = (query: string) => JSON.stringify({ id: '1', type: 'subscribe', payload: { query } });

  test('[GQL-9] a message before connection_init closes the socket with 4401', async () => {
    expect(await (await open(subscribe('subscription { totalsChanged { revision } }'))).closed).toEqual({
      code: 4401,
    });
  });

  test('[GQL-10] a wrong key closes the socket with 4401', async () => {
    expect(await (await open(init('Bearer kp_wrong'))).closed).toEqual({ code: 4401 });
  });

  test('[GQL-11] a message over 16 KiB closes the socket, and rubbish closes it with 4400', async () => {
    expect(await (await open(init(), subscribe(`{ a ${'#'.repeat(20_000)} }`))).closed).toEqual({
      code: 1009,
    });
    expect(await (await open('rubbish')).closed).toEqual({ code: 4400 });
  });

  test('[GQL-14] upgrades that make no sense are refused, and the server lives on', async () => {
    const { port, hostname } = new URL(app.url);
    for (const target of ['//', '/nothing', '/graphql/../..', '*', `/${'x'.repeat(9_000)}`]) {
      const line = net.connect(Number(port), hostname);
      line.on('error', () => undefined);
      line.write(
        `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
      );
      await new Promise((resolve) => setImmediate(resolve));
      line.resetAndDestroy();
    }
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
  });

  test('[GQL-15] a variable of a wrong type is bad input here too, and its value is in no answer and no log line', async () => {
    const nik = Number(madeUpNik(50));
    const { socket, received, closed } = await open(
      init(`Bearer ${bpjs}`),
      JSON.stringify({
        id: '1',
        type: 'subscribe',
        payload: { query: ENROLL, variables: { input: { ...enrollInput(50), nik } } },
      }),
    );
    await expect.poll(() => received.join('\n')).toMatch(/BAD_USER_INPUT/);
    expectNothingOfOurs(received.join('\n'));
    expect(app.logged.join('\n')).not.toContain(String(nik));
    socket.close();
    await closed;
  });

  test('[GQL-16] a frame is of one revision: an area inside it has no totals of another', async () => {
    const { socket, received, closed } = await open(
      init(),
      subscribe('subscription { totalsChanged { whole { area { totals(atRevision: 1) { enrolled } } } } }'),
    );
    await expect.poll(() => received.join('\n')).toMatch(/BAD_USER_INPUT/);
    socket.close();
    await closed;
  });

  test.each([
    'subscription { totalsChanged @skip(if: true) { revision } }',
    'subscription { ... @include(if: false) { totalsChanged { revision } } }',
    'subscription { ...Root @skip(if: true) } fragment Root on Subscription { totalsChanged { revision } }',
    'subscription { ...Root } fragment Root on Subscription { totalsChanged @skip(if: true) { revision } }',
  ])('[GQL-17] a subscription to nothing is refused, and the socket lives on: %s', async (query) => {
    const { socket, received, closed } = await open(init(), subscribe(query));
    await expect.poll(() => received.join('\n')).toMatch(/BAD_USER_INPUT/);
    socket.send(subscribe('subscription { totalsChanged { revision @skip(if: true) kind } }'));
    await expect.poll(() => received.join('\n')).toMatch(/SNAPSHOT/);
    socket.close();
    await closed;
  });

  test('[GQL-12] documents are measured on the socket as on HTTP', async () => {
    for (const query of [
      'subscription { totalsChanged { nothing } }',
      'subscription { totalsChanged(area: "12.71.14.1001") { revision } }',
      'subscription { totalsChanged(parts: NEIGHBORHOOD) { revision } }',
      `{ program { city { ${'parent { '.repeat(9)} name ${'} '.repeat(9)} } } }`,
    ]) {
      const { socket, received, closed } = await open(init(), subscribe(query));
      await expect.poll(() => received.join('\n')).toMatch(/BAD_USER_INPUT/);
      expectNothingOfOurs(received.join('\n'));
      socket.close();
      await closed;
    }
  });

  test('[LIV-30] a subscriber gets a SNAPSHOT, then each change, and the program time on its ping', async () => {
    const { socket, received, closed } = await open(
      init(),
      subscribe('subscription { totalsChanged { kind revision whole { totals { enrolled } } } }'),
    );
    const frames = () =>
      received
        .map((text) => JSON.parse(text))
        .filter((message) => message.type === 'next')
        .map((message) => message.payload.data.totalsChanged);
    await expect.poll(() => frames().length).toBe(1);
    const [snapshot] = frames();
    expect(snapshot.kind).toBe('SNAPSHOT');
    const { revision } = await sendEnroll(app.ask, enrollInput(40), bpjs);
    await expect
      .poll(() => frames().at(-1))
      .toMatchObject({
        kind: 'UPDATE',
        revision,
        whole: { totals: { enrolled: snapshot.whole.totals.enrolled + 1 } },
      });
    socket.send(JSON.stringify({ type: 'ping' }));
    await expect.poll(() => received.find((text) => text.includes('"pong"'))).toMatch(/"now":"2025-10-29T/);
    socket.close();
    await closed;
  });
});
