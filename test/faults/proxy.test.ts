import net from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '#test/support/wait.ts';
import { type LinkProxy, startProxy } from './proxy.ts';

let echo: net.Server;
let proxy: LinkProxy;
const lines: net.Socket[] = [];

beforeEach(async () => {
  echo = net.createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  proxy = await startProxy({ to: (echo.address() as net.AddressInfo).port, seed: 7 });
});
afterEach(async () => {
  for (const line of lines.splice(0)) line.destroy();
  await proxy.close();
  await new Promise((resolve) => echo.close(resolve));
});

/** A connection through the proxy: what came back, and how it ended. */
async function open() {
  const line = net.connect(proxy.port, '127.0.0.1');
  lines.push(line);
  const seen = { line, text: '', end: null as string | null };
  line.on('data', (bytes) => {
    seen.text += bytes;
  });
  line.on('error', (error: NodeJS.ErrnoException) => {
    seen.end = error.code ?? 'error';
  });
  line.on('close', () => {
    seen.end ??= 'closed';
  });
  await any(line, 'connect', 'close');
  return seen;
}

function any(line: net.Socket, ...events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    for (const event of events) line.once(event, () => resolve());
  });
}

async function say(seen: Awaited<ReturnType<typeof open>>, text: string): Promise<void> {
  seen.line.write(text);
  await until(`the echo of ${text.length} bytes`, () => seen.text.endsWith(text));
}

test('[LNK-1] through latency, jitter and slices bytes arrive late, whole and in order', async () => {
  const seen = await open();
  proxy.worsen({ latencyMs: 30, jitterMs: 20, sliceBytes: 97 });
  const text = Array.from({ length: 2_000 }, (_, at) => String(at)).join(' ');
  const startedAt = performance.now();
  await say(seen, text);
  expect(seen.text).toBe(text);
  expect(performance.now() - startedAt).toBeGreaterThan(60);
});

test('[LNK-2] a cut resets what stands and refuses who comes, until it is mended on the same port', async () => {
  const standing = await open();
  await say(standing, 'before');
  await proxy.cut();
  await until('the end', () => standing.end);
  expect(standing.end).toBe('ECONNRESET');
  expect((await open()).end).toBe('ECONNREFUSED');
  await proxy.restore();
  await say(await open(), 'after');
});

test('[LNK-2] a black hole swallows both ways and closes nothing; what was in it stays dead, what comes later lives', async () => {
  const standing = await open();
  await say(standing, 'before');
  proxy.blackHole();
  const late = await open();
  for (const { line } of [standing, late]) line.write('into the hole');
  await until('both to be there', () => proxy.connections === 2);
  await proxy.restore();
  standing.line.write('still');
  await say(await open(), 'after');
  expect([standing.text, standing.end, late.text, late.end]).toEqual(['before', null, '', null]);
});

test('[LNK-2] a proxy that hangs accepts and never answers', async () => {
  const standing = await open();
  await say(standing, 'before');
  proxy.hang();
  await until('the end of what stood', () => standing.end);
  const late = await open();
  late.line.write('anyone?');
  await proxy.restore();
  await say(await open(), 'after');
  expect([late.text, late.end]).toEqual(['', null]);
});

test('[LNK-2] where upgrades are refused pages go through and sockets do not', async () => {
  const upgrade = 'GET /graphql HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
  const [socket, page] = [await open(), await open()];
  await say(socket, upgrade);
  await say(page, 'GET /board HTTP/1.1\r\nHost: a\r\n\r\n');
  proxy.refuseUpgrades();
  await until('the end of the socket', () => socket.end);
  const again = await open();
  again.line.write(upgrade);
  await until('the refusal', () => again.end);
  await say(page, 'GET /totals.json HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(page.end).toBeNull();
});

test('[LNK-3] the same seed resets the same connections, and another seed others', async () => {
  const fates = async (seed: number) => {
    const other = await startProxy({ to: (echo.address() as net.AddressInfo).port, seed });
    other.worsen({ resetChance: 0.3 });
    const ends: boolean[] = [];
    for (let at = 0; at < 24; at++) {
      const line = net.connect(other.port, '127.0.0.1').on('error', () => undefined);
      lines.push(line);
      line.write('x');
      await any(line, 'data', 'close');
      ends.push(line.destroyed);
    }
    await other.close();
    return ends;
  };
  const first = await fates(11);
  expect(first).toContain(true);
  expect(first).toContain(false);
  expect(await fates(11)).toEqual(first);
  expect(await fates(12)).not.toEqual(first);
});
