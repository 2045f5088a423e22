import net, { type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { writeMetrics } from '#server/base/metrics.ts';
import { limitConnections } from '#server/http/connections.ts';
import { CONNECTION_LIMITS, SOCKET_LIMITS } from '#server/http/http-limits.ts';
import { openTestApp, type TestApp } from '#test/support/app.ts';
import { openRawSocket, type RawSocket } from '#test/support/raw-socket.ts';
import { until } from '#test/support/wait.ts';

const PROXY = '127.0.12.9';
const HEALTH = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';

let app: TestApp;
const lines: Line[] = [];
const sockets: RawSocket[] = [];
beforeAll(async () => {
  app = await openTestApp('DEMO', undefined, { trustedProxies: [PROXY] });
});
afterAll(() => app.close());
afterEach(() => {
  for (const line of lines.splice(0)) line.socket.destroy();
  for (const socket of sockets.splice(0)) socket.destroy();
});

interface Line {
  readonly socket: net.Socket;
  heard: string;
  isGone: boolean;
}

function connect(from: string, port = Number(new URL(app.url).port)): Promise<Line> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port, localAddress: from });
    const line: Line = { socket, heard: '', isGone: false };
    lines.push(line);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      line.heard += chunk;
    });
    socket.once('close', () => {
      line.isGone = true;
    });
    socket.once('connect', () => resolve(line));
  });
}

const crowd = (count: number, from: string) =>
  Promise.all(Array.from({ length: count }, () => connect(from)));
async function isServed(from: string): Promise<boolean> {
  const line = await connect(from);
  line.socket.write(HEALTH);
  await until('an answer, or the end', () => line.heard !== '' || line.isGone);
  return line.heard.startsWith('HTTP/1.1 200');
}
const refused = () => Number(/^kepling_connections_refused_total (\d+)$/m.exec(writeMetrics())?.[1] ?? 0);

describe('plain connections', () => {
  test('[OPS-31] are counted by address; one too many is closed, and what is closed makes room', async () => {
    const before = refused();
    const many = await crowd(CONNECTION_LIMITS.perAddress, '127.0.12.1');
    expect(await isServed('127.0.12.1')).toBe(false);
    expect(many.filter(({ isGone }) => isGone)).toHaveLength(0);
    expect(refused()).toBe(before + 1);
    expect(await isServed('127.0.12.2')).toBe(true);
    many[0]?.socket.destroy();
    await until('its place', () => isServed('127.0.12.1'));
    // It is still open, and has that place again.
    expect(await isServed('127.0.12.1')).toBe(false);
  });

  test('[OPS-31] are counted no longer once they are sockets, which have limits of their own', async () => {
    const from = '127.0.12.3';
    await crowd(CONNECTION_LIMITS.perAddress - 1, from);
    for (let count = 0; count < SOCKET_LIMITS.anonymousPerAddress; count++) {
      const socket = await openRawSocket(Number(new URL(app.url).port), from);
      sockets.push(socket);
      await socket.begin();
    }
    for (const socket of sockets.splice(0)) socket.destroy();
    expect(await isServed(from)).toBe(true);
    // Sockets that went gave nothing back that they had not.
    expect(await isServed(from)).toBe(false);
  });

  test('[OPS-31] of a proxy that is believed are not counted', async () => {
    const many = await crowd(CONNECTION_LIMITS.perAddress + 10, PROXY);
    expect(await isServed(PROXY)).toBe(true);
    expect(many.filter(({ isGone }) => isGone)).toHaveLength(0);
  });
});

describe('a request', () => {
  const limits = { ...CONNECTION_LIMITS, headersMs: 100, requestMs: 300, checkMs: 20 };
  test.each([
    ['says nothing', '', ''],
    ['sends a byte of head now and then', 'GET / HTTP/1.1\r\nX: ', 'x'],
    ['sends a byte of body now and then', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n', 'x'],
  ])('[OPS-31] is ended where its client %s', async (_name, head, byte) => {
    const server = limitConnections(() => false, limits).serve((request, response) => {
      request.resume().once('end', () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const line = await connect('127.0.12.5', (server.address() as AddressInfo).port);
    line.socket.write(head);
    const drip = setInterval(() => line.socket.write(byte), 10);
    await until('its end', () => line.isGone, 3_000);
    clearInterval(drip);
    expect(line.heard).toContain('408');
    await new Promise((resolve) => server.close(resolve));
  });
});
