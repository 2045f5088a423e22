/** What no event tells: servers that are there and say nothing. Time is held; the sockets are real. */
import { createServer, type Socket as Line } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { sleptFromMs } from '#client/wire/clock.ts';
import { acknowledgeWithinMs, pingEveryMs, pongWithinMs } from '#client/wire/connect.ts';
import { FollowTotalsDocument } from '#client/wire/generated/graphql.ts';
import { openSocket, silentAfterMs } from '#client/wire/socket.ts';
import { heldClock } from '#test/support/held-clock.ts';
import { QuietWebSocket } from '#test/support/quiet-web-socket.ts';
import { until } from '#test/support/wait.ts';
import { type Message, sendFrame, startFrameServer } from './frame-server.ts';

const shortestWaitMs = 500;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function follow(port: number, isValid: (revision: number) => boolean = () => true) {
  const clock = heldClock();
  const socket = openSocket({
    url: `ws://127.0.0.1:${port}/`,
    webSocketImpl: QuietWebSocket,
    random: () => 0,
    clock,
  });
  const revisions: number[] = [];
  socket.follow(FollowTotalsDocument, { area: null, parts: null }, ({ totalsChanged: { revision } }) => {
    revisions.push(revision);
    return isValid(revision);
  });
  closing.push(() => socket.close());
  return { clock, socket, revisions };
}

/** A server of frames that count up; `isMute` names what it leaves unanswered. */
async function serve(isMute: (type: string) => boolean = () => false) {
  let revision = 0;
  const asked: [Message, WebSocket][] = [];
  const server = await startFrameServer(
    0,
    (message, peer) => {
      asked.push([message, peer]);
      sendFrame(message, peer, { revision: ++revision });
    },
    { isMute },
  );
  closing.push(() => server.stop());
  /** To whoever asked last. */
  const sendNext = () => {
    const [message, peer] = asked.at(-1) ?? [];
    if (message && peer) sendFrame(message, peer, { revision: ++revision });
  };
  return { server, asked, sendNext };
}

test('[WIR-6] a server that accepts and never answers is given up after five seconds, and another try follows', async () => {
  const lines: Line[] = [];
  const mute = createServer((line) => lines.push(line.on('error', () => undefined)));
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const line of lines) line.destroy();
    return new Promise((resolve) => mute.close(resolve));
  });
  const { port } = mute.address() as { port: number };
  const { clock, socket } = follow(port);
  for (let tries = 1; tries <= 3; tries++) {
    await until(`connection ${tries}`, () => lines.length === tries);
    clock.advance(acknowledgeWithinMs - 1);
    expect(socket.failures.get()).toBe(tries - 1);
    clock.advance(1);
    expect(socket.connection.get()).toBe('down');
    expect(socket.failures.get()).toBe(tries);
    clock.advance(shortestWaitMs);
  }
});

test('[WIR-6] a server that opens the socket and does not acknowledge is given up after five seconds', async () => {
  let isRude = true;
  const { server } = await serve((type) => isRude && type === 'connection_init');
  const { clock, socket, revisions } = follow(server.port);
  await until('the connection', () => server.peers === 1);
  clock.advance(acknowledgeWithinMs);
  expect(socket.connection.get()).toBe('down');
  isRude = false;
  clock.advance(shortestWaitMs);
  await until('a frame', () => revisions.length === 1);
  expect(socket.failures.get()).toBe(0);
});

test('[WIR-7] a ping without an answer for five seconds ends the connection, and one with an answer does not', async () => {
  let isHole = false;
  let pings = 0;
  const { server, sendNext } = await serve((type) => {
    if (type === 'ping') pings++;
    return isHole && type === 'ping';
  });
  const { clock, socket, revisions } = follow(server.port);
  await until('the first frame', () => revisions.length === 1);
  for (let round = 1; round <= 3; round++) {
    clock.advance(round === 1 ? pingEveryMs : pingEveryMs - pongWithinMs);
    await until(`ping ${round}`, () => pings === 1 + round);
    // What comes after the pong shows that the pong has come.
    sendNext();
    await until(`frame ${round + 1}`, () => revisions.length === round + 1);
    clock.advance(pongWithinMs);
    expect(socket.connection.get()).toBe('open');
  }
  isHole = true;
  clock.advance(pingEveryMs - pongWithinMs);
  await until('the ping into the hole', () => pings === 5);
  clock.advance(pongWithinMs - 1);
  expect(socket.connection.get()).toBe('open');
  clock.advance(1);
  expect(socket.connection.get()).toBe('down');
  clock.advance(shortestWaitMs);
  await until('a frame on another connection', () => revisions.length === 5);
});

test('[WIR-10] the time of the program is asked for before anything else and with every ping, and goes on between', async () => {
  let programMs = Date.parse('2025-10-29T01:30:00Z');
  const said: string[] = [];
  const server = await startFrameServer(0, (message, peer) => sendFrame(message, peer, { revision: 1 }), {
    now: () => programMs,
    isMute: (type) => said.push(type) === 0,
  });
  closing.push(() => server.stop());
  const { clock, socket, revisions } = follow(server.port);
  expect(socket.programTime.now()).toBeNull();
  await until('the first frame', () => revisions.length === 1);
  expect(said).toEqual(['connection_init', 'ping', 'subscribe']);
  clock.advance(pingEveryMs - 1);
  expect(socket.programTime.now()).toBe(programMs + pingEveryMs - 1);
  // A clock that was set back is believed.
  programMs -= 3_600_000;
  clock.advance(1);
  await until('the answer', () => socket.programTime.now() === programMs);
  expect(socket.programTime.since(programMs - 7_000)).toBe(7_000);
  expect(socket.programTime.since(programMs + 500)).toBe(0);
  expect(socket.programTime.since(programMs)).toBe(500);
});

test('[WIR-8] twenty seconds without a valid frame end a connection that stands and answers', async () => {
  let pings = 0;
  const { server, asked, sendNext } = await serve((type) => {
    if (type === 'ping') pings++;
    return false;
  });
  const { clock, socket, revisions } = follow(server.port, (revision) => revision <= 2 || revision > 4);
  await until('a valid frame', () => revisions.length === 1);
  clock.advance(pingEveryMs - 1);
  sendNext();
  await until('another', () => revisions.length === 2);
  for (const round of [1, 2]) {
    clock.advance(round === 1 ? 1 : pingEveryMs);
    await until(`ping ${round}`, () => pings === 1 + round);
    sendNext();
    await until('a frame that is worth nothing', () => revisions.length === 2 + round);
  }
  clock.advance(silentAfterMs - pingEveryMs - 2);
  expect(socket.connection.get()).toBe('open');
  clock.advance(1);
  expect(socket.connection.get()).toBe('down');
  clock.advance(shortestWaitMs);
  await until('a frame on another connection', () => revisions.length === 5);
  expect(new Set(asked.map(([, peer]) => peer)).size).toBe(2);
});

test('[WIR-9] connections in a row that bring nothing valid are counted, and a valid frame ends the count', async () => {
  let isRude = true;
  const { server } = await serve((type) => isRude && type === 'subscribe');
  const { clock, socket, revisions } = follow(server.port);
  for (let tries = 1; tries <= 3; tries++) {
    await until('an open connection', () => socket.connection.get() === 'open');
    server.cut();
    await until(`failure ${tries}`, () => socket.failures.get() === tries);
    isRude = tries < 3;
    clock.advance(shortestWaitMs);
  }
  await until('a frame', () => revisions.length === 1);
  expect(socket.failures.get()).toBe(0);
  server.cut();
  await until('the end of a connection that was good', () => socket.connection.get() === 'down');
  expect(socket.failures.get()).toBe(0);
});

test('[WIR-5] a socket that nobody follows any more leaves neither a timer nor a connection', async () => {
  const { server } = await serve();
  const { clock, socket, revisions } = follow(server.port);
  await until('a frame', () => revisions.length === 1);
  socket.close();
  expect(clock.waiting).toBe(0);
  await until('the connection to end', () => server.peers === 0);
});

test('[WIR-20] a machine that slept has another connection at once, and the time of the program has gone on', async () => {
  const programMs = Date.parse('2025-10-29T01:30:00Z');
  const server = await startFrameServer(0, (message, peer) => sendFrame(message, peer, { revision: 1 }), {
    now: () => programMs,
  });
  closing.push(() => server.stop());
  const { clock, socket, revisions } = follow(server.port);
  await until('the first frame', () => revisions.length === 1);
  clock.sleep(sleptFromMs - 1);
  clock.advance(500);
  clock.sleep(-3_600_000);
  clock.advance(500);
  expect([socket.connection.get(), socket.programTime.now()]).toEqual(['open', programMs + 1_000]);
  clock.sleep(3_600_000);
  clock.advance(499);
  expect(socket.connection.get()).toBe('open');
  clock.advance(1);
  expect([socket.connection.get(), socket.programTime.now()]).toEqual(['down', programMs + 3_601_500]);
  await until('a frame on another connection', () => revisions.length === 2);
  expect([server.subscribed.length, socket.failures.get()]).toEqual([2, 0]);
  await until('the end of the first', () => server.peers === 1);
});
