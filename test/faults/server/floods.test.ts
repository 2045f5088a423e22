import { afterAll, beforeAll, expect, test } from 'vitest';
import { SOCKET_LIMITS } from '#server/http/http-limits.ts';
import { LOOK_MS } from '#server/http/socket/line.ts';
import type { Product } from '#test/support/product.ts';
import { watchMemory } from '#test/support/run-import.ts';
import { until } from '#test/support/wait.ts';
import { addressOf } from './followers.ts';
import { inForm, seeded } from './form.ts';
import { type OwnPostgres, startOwnPostgres } from './own-postgres.ts';
import { INIT, OPCODE, openRaw, type RawClient, subscribeTo } from './raw-client.ts';
import { type Servers, startServers } from './servers.ts';

const CUT_MS = 1_000;
const MEMORY_MB = 50;
/** More than the share of every address. */
const SOCKETS = inForm(750, 5_000);
const ADDRESSES = inForm(3, 10);
const PINGS = 50_000;

seeded('floods');
let postgres: OwnPostgres;
let servers: Servers;
let server: Product;
beforeAll(async () => {
  postgres = await startOwnPostgres();
  servers = await startServers(postgres);
  server = servers.all[0] as Product;
});
afterAll(async () => {
  await servers?.end();
  await postgres?.end();
});

/** Opens a socket, lets `flood` write to it, and gives how long after the beginning it was cut. */
async function untilCut(
  index: number,
  flood: (client: RawClient) => void,
  isInitialized = true,
): Promise<number> {
  const client = await openRaw(server.url, addressOf(index * 50));
  if (isInitialized) {
    client.frame(OPCODE.TEXT, INIT);
    await until('the acknowledgement', () => client.heard.includes('connection_ack'));
  }
  const startedAt = performance.now();
  flood(client);
  const closedAt = await until('the socket to be cut', () => client.closedAt);
  client.destroy();
  return closedAt - startedAt;
}

const floods: readonly [string, (client: RawClient) => void, boolean][] = [
  ['pings with a payload before init', pings, false],
  ['pings with a payload after init', pings, true],
  ['16,000 fragments of one message', fragments, true],
  ['a message of 1 MB', (client) => client.frame(OPCODE.TEXT, 'x'.repeat(1_000_000)), true],
  ['1,000 subscriptions', subscriptions, true],
];

function pings(client: RawClient): void {
  for (let sent = 0; sent < PINGS; sent++) client.frame(OPCODE.PING, 'x'.repeat(125));
}

function fragments(client: RawClient): void {
  client.frame(OPCODE.TEXT, '{', false);
  for (let sent = 0; sent < 16_000; sent++) client.frame(OPCODE.CONTINUATION, ' ', false);
}

function subscriptions(client: RawClient): void {
  for (let sent = 0; sent < 1_000; sent++)
    client.frame(OPCODE.TEXT, subscribeTo(String(sent), 'subscription { totalsChanged { revision } }'));
}

test.each(floods)(
  '[FLT-6] %s: cut within a second, and memory stays',
  async (_what, flood, isInitialized) => {
    const memory = watchMemory(server.pid);
    const took: number[] = [];
    for (let index = 0; index < 5; index++) took.push(await untilCut(index, flood, isInitialized));
    expect(Math.max(...took)).toBeLessThan(CUT_MS);
    expect(memory.stop() - memory.firstMb).toBeLessThan(MEMORY_MB);
    expect(await server.isReady()).toBe(true);
  },
);

test('[FLT-7] thousands of sockets from a few addresses that never say who they are: each address has its share, all are cut a second after the time for it at the latest, and memory stays', async () => {
  const memory = watchMemory(server.pid);
  const startedAt = performance.now();
  const refusals = new Set<string>();
  const opening = Array.from({ length: SOCKETS }, async (_, index) => {
    const address = addressOf((index % ADDRESSES) * 50);
    const client = await openRaw(server.url, address).catch((error: Error) => {
      refusals.add(error.message);
    });
    return client && { address, client, openedAt: performance.now() };
  });
  const opened = (await Promise.all(opening)).filter((each) => each !== undefined);
  // Later ones may have the places of those that were cut.
  const first = opened.filter(({ openedAt }) => openedAt < startedAt + SOCKET_LIMITS.initMs - LOOK_MS);
  for (let index = 0; index < ADDRESSES; index++) {
    const share = first.filter(({ address }) => address === addressOf(index * 50));
    expect(share).toHaveLength(SOCKET_LIMITS.newPerAddress);
  }
  expect([...refusals]).toEqual(['the upgrade was refused: HTTP/1.1 429 Too Many Requests']);
  await until('all to be cut', () => opened.every(({ client }) => client.closedAt !== null), 15_000);
  const late = opened.map(
    ({ client, openedAt }) => (client.closedAt ?? Number.NaN) - openedAt - SOCKET_LIMITS.initMs,
  );
  expect(Math.max(...late)).toBeLessThan(CUT_MS);
  expect(memory.stop() - memory.firstMb).toBeLessThan(MEMORY_MB);
  expect(await server.isReady()).toBe(true);
});
