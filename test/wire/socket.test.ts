import { afterEach, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { hashOf } from '#client/wire/document.ts';
import { FollowTotalsDocument, type FollowTotalsSubscription } from '#client/wire/generated/graphql.ts';
import manifest from '#client/wire/generated/persisted-documents.json' with { type: 'json' };
import { openSocket, type Socket } from '#client/wire/socket.ts';
import { QuietWebSocket } from '#test/support/quiet-web-socket.ts';
import { until } from '#test/support/wait.ts';
import { type Message, sendFrame, startFrameServer } from './frame-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function follow(port: number): { socket: Socket; revisions: number[] } {
  const socket = openSocket({
    url: `ws://127.0.0.1:${port}/`,
    webSocketImpl: QuietWebSocket,
    random: () => 0,
  });
  const revisions: number[] = [];
  socket.follow(FollowTotalsDocument, { area: null, parts: null }, (data: FollowTotalsSubscription) => {
    revisions.push(data.totalsChanged.revision);
    return true;
  });
  closing.push(() => socket.close());
  return { socket, revisions };
}

test('[WIR-2] a subscription goes out as the hash of a document that the manifest holds, without its text', async () => {
  const server = await startFrameServer(0, (message, peer) => sendFrame(message, peer, { revision: 7 }));
  closing.push(() => server.stop());
  const { revisions } = follow(server.port);
  await until('a frame', () => revisions.length > 0);
  const hash = server.subscribed[0]?.payload?.extensions?.persistedQuery?.sha256Hash;
  expect(hash).toBe(hashOf(FollowTotalsDocument));
  expect(Object.keys(manifest)).toContain(hash);
  expect(server.subscribed[0]?.payload?.query).toBe('');
});

test('[WIR-3] screens that follow the same use the same id, whatever they followed before', async () => {
  const server = await startFrameServer(0, (message, peer) => sendFrame(message, peer, { revision: 1 }));
  closing.push(() => server.stop());
  const first = follow(server.port);
  await until('the first frame', () => first.revisions.length > 0);
  const other = openSocket({ url: `ws://127.0.0.1:${server.port}/`, webSocketImpl: QuietWebSocket });
  closing.push(() => other.close());
  const leave = other.follow(FollowTotalsDocument, { area: '12.71.14', parts: null }, () => true);
  await until('the other screen to follow something else', () => server.subscribed.length === 2);
  other.follow(FollowTotalsDocument, { area: null, parts: null }, () => true);
  leave();
  await until('the other screen to follow the same', () => server.subscribed.length === 3);
  const [one, elsewhere, same] = server.subscribed.map(({ id }) => id);
  expect(same).toBe(one);
  expect(elsewhere).not.toBe(one);
});

test('[WIR-3] on one connection an id is used once, so that the end of the stream before does not end the next', async () => {
  const server = await startFrameServer(0, (message, peer) => sendFrame(message, peer, { revision: 1 }));
  closing.push(() => server.stop());
  const { socket } = follow(server.port);
  for (let time = 1; time <= 3; time++) {
    const stop = socket.follow(FollowTotalsDocument, { area: '12.71.14', parts: null }, () => true);
    await until(`time ${time}`, () => server.subscribed.length === 1 + time);
    stop();
  }
  const ids = server.subscribed.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('[WIR-4] a screen that starts before its server gets its picture when the server comes', async () => {
  const probe = await startFrameServer(0, () => undefined);
  const { port } = probe;
  await probe.stop();
  const { socket, revisions } = follow(port);
  await until('a failed try', () => socket.connection.get() === 'down');
  const server = await startFrameServer(port, (message, peer) => sendFrame(message, peer, { revision: 3 }));
  closing.push(() => server.stop());
  await until('a frame', () => revisions.length > 0);
  expect(revisions).toEqual([3]);
});

test.each([
  [
    'a close code that graphql-ws takes for final',
    (_: Message, peer: WebSocket) => peer.close(4401, 'Unauthorized'),
  ],
  [
    'an error in place of data',
    (message: Message, peer: WebSocket) =>
      peer.send(JSON.stringify({ id: message.id, type: 'error', payload: [{ message: 'no' }] })),
  ],
  [
    'a stream that the server completes',
    (message: Message, peer: WebSocket) => peer.send(JSON.stringify({ id: message.id, type: 'complete' })),
  ],
])('[WIR-4] after %s the screen asks again', async (_, beRude) => {
  let tries = 0;
  const server = await startFrameServer(0, (message, peer) => {
    tries++;
    if (tries <= 2) beRude(message, peer);
    else sendFrame(message, peer, { revision: 5 });
  });
  closing.push(() => server.stop());
  const { revisions } = follow(server.port);
  await until('a frame after two refusals', () => revisions.length > 0);
  expect(revisions).toEqual([5]);
});

test('[WIR-5] a renewed socket is another connection, and its followers go on', async () => {
  const peers = new Set<WebSocket>();
  const server = await startFrameServer(0, (message, peer) => {
    peers.add(peer);
    sendFrame(message, peer, { revision: peers.size });
  });
  closing.push(() => server.stop());
  const { socket, revisions } = follow(server.port);
  await until('a frame', () => revisions.length === 1);
  socket.renew();
  await until('a frame on the new connection', () => revisions.length === 2);
  expect(revisions).toEqual([1, 2]);
  expect(peers.size).toBe(2);
});

test('[WIR-5] after a follower has stopped nothing reaches it, while its neighbor goes on', async () => {
  const asked = new Map<string, [Message, WebSocket]>();
  const server = await startFrameServer(0, (message, peer) => {
    asked.set(message.id ?? '', [message, peer]);
    sendFrame(message, peer, { revision: 1 });
  });
  closing.push(() => server.stop());
  const { socket, revisions } = follow(server.port);
  const stopped: number[] = [];
  const stop = socket.follow(FollowTotalsDocument, { area: null, parts: 'DISTRICT' }, (data) => {
    stopped.push(data.totalsChanged.revision);
    return true;
  });
  await until('both frames', () => revisions.length === 1 && stopped.length === 1);
  stop();
  for (const [message, peer] of [...asked.values()].reverse()) sendFrame(message, peer, { revision: 2 });
  await until('the neighbor to go on', () => revisions.length === 2);
  expect(stopped).toEqual([1]);
});

test('[WIR-21] a follower is told of each failure of its own, also where others get their frames on the connection', async () => {
  let isRude = true;
  const server = await startFrameServer(0, (message, peer) => {
    const isNeighbor = message.payload?.variables?.area !== null;
    if (isNeighbor || !isRude) sendFrame(message, peer, { revision: 1 });
  });
  closing.push(() => server.stop());
  let neighbors = 0;
  const failed = { one: 0, neighbor: 0 };
  const socket = openSocket({
    url: `ws://127.0.0.1:${server.port}/`,
    webSocketImpl: QuietWebSocket,
    random: () => 0,
  });
  closing.push(() => socket.close());
  let own = 0;
  socket.follow(
    FollowTotalsDocument,
    { area: null, parts: null },
    () => {
      own++;
      return true;
    },
    () => failed.one++,
  );
  socket.follow(
    FollowTotalsDocument,
    { area: '12.71.14', parts: null },
    () => {
      neighbors++;
      return true;
    },
    () => failed.neighbor++,
  );
  for (let times = 1; times <= 3; times++) {
    await until(`connection ${times}`, () => neighbors === times);
    isRude = times < 3;
    server.cut();
    await until(`failure ${times}`, () => failed.one === times);
  }
  await until('a frame of its own', () => own === 1);
  server.cut();
  await until('another connection', () => own === 2);
  expect([failed, socket.failures.get()]).toEqual([{ one: 3, neighbor: 0 }, 0]);
});
