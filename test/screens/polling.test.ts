/** The city's picture by asking, while no socket comes about. The server is a real one; time is held. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { follow, type Source } from '#client/live/follow.ts';
import { createLive, type Live } from '#client/live/live-context.ts';
import { pollEveryMs, pollTotals } from '#client/live/poll-totals.ts';
import { quietAfterMs } from '#client/live/watchdog.ts';
import { FollowTotalsDocument, type PictureFragment } from '#client/wire/generated/graphql.ts';
import { openSocket, type Socket } from '#client/wire/socket.ts';
import { type HeldClock, heldClock } from '#test/support/held-clock.ts';
import { QuietWebSocket } from '#test/support/quiet-web-socket.ts';
import { until } from '#test/support/wait.ts';
import { sendFrame, startFrameServer } from '#test/wire/frame-server.ts';
import { pictureAt } from './picture.ts';

const away = 'away';
const longestWaitMs = 5_000;

let files: Server;
let served: PictureFragment | typeof away;
/** What the server says its time is, where it says so. */
let serverNow: string | null;
/** Questions that have come to an end. */
let asked: number;
/** Questions that have reached the server. */
let arrived: number;
/** Answers leave once it is open. */
let gate: Promise<void>;
let clock: HeldClock;
let live: Live;
let written: PictureFragment[];
const closing: (() => unknown)[] = [];

const serve = (revision: number, changes: Partial<PictureFragment> = {}) => {
  served = pictureAt(revision, { kind: 'HEARTBEAT', ...changes });
};
const revisions = () => written.map(({ revision }) => revision);
const state = () => live.standing.get().state;

beforeEach(async () => {
  asked = 0;
  arrived = 0;
  served = away;
  serverNow = null;
  gate = Promise.resolve();
  files = createServer(async (request, response) => {
    // As it was when the question came, however late it leaves.
    const answer = served;
    const now = serverNow;
    // A page of another origin asks first whether it may ask.
    if (request.method === 'GET') {
      arrived++;
      await gate;
    }
    if (answer === away) return response.destroy();
    response.setHeader('x-as-of', answer.asOf);
    if (now !== null) response.setHeader('x-now', now);
    // The page of these tests is of another origin than this server.
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-expose-headers', 'x-as-of, x-now');
    // As the server has it: more than a picture, and without its type's name.
    response.end(JSON.stringify({ ...answer, __typename: undefined, committedAt: null }));
  });
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => files.close(resolve)));
  const base = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
  const { fetch } = globalThis;
  let isOver = false;
  closing.push(() => {
    isOver = true;
  });
  vi.stubGlobal('fetch', async (path: string, how: RequestInit) => {
    try {
      const response = await fetch(`${base}${path}`, how);
      return new Response(await response.text(), response);
    } finally {
      // Those that the test before gave up end in this one.
      if (!isOver) asked++;
    }
  });
  closing.push(() => vi.unstubAllGlobals());
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Follows on a socket whose server is not there, until it has failed `failures` times. */
async function followInVain(port: number, failures: number): Promise<Socket> {
  clock = heldClock();
  live = createLive();
  written = [];
  const source: Source<PictureFragment> = {
    subscribe: (socket, take, onFailed) =>
      socket.follow(
        FollowTotalsDocument,
        { area: null, parts: 'DISTRICT' },
        ({ totalsChanged }) => take(totalsChanged),
        onFailed,
      ),
    write: (picture) => written.push(picture),
    shelf: null,
    poll: pollTotals,
  };
  const socket = openSocket({
    url: `ws://127.0.0.1:${port}/`,
    webSocketImpl: QuietWebSocket,
    random: () => 0.999,
    clock,
  });
  closing.push(() => socket.close());
  closing.push(follow(source, socket, live));
  for (let tries = 1; tries <= failures; tries++) {
    await until(`failure ${tries}`, () => socket.failures.get() === tries);
    if (tries < failures) clock.advance(longestWaitMs);
  }
  return socket;
}

async function freePort(): Promise<number> {
  const probe = await startFrameServer(0, () => undefined);
  await probe.stop();
  return probe.port;
}

test('[LIV-69] two failures ask nobody; the third asks at once and then every five seconds, and the state says so', async () => {
  serve(7);
  const port = await freePort();
  await followInVain(port, 2);
  expect([asked, state()]).toEqual([0, 'catching-up']);
  clock.advance(longestWaitMs);
  await until('the first answer', () => written.length === 1);
  expect([revisions(), state()]).toEqual([[7], 'polling']);
  expect(written[0]).toEqual(pictureAt(7, { kind: 'SNAPSHOT' }));
  serve(9, { asOf: '2025-10-29T01:30:12.000Z' });
  clock.advance(pollEveryMs);
  await until('the second answer', () => written.length === 2);
  expect([revisions(), state(), asked]).toEqual([[7, 9], 'polling', 2]);
});

test('[LIV-69] what is asked for never takes the picture back, comes through with a new epoch, and tells a hold', async () => {
  serve(7);
  await followInVain(await freePort(), 3);
  await until('the first answer', () => written.length === 1);
  const next = async (revision: number, changes: Partial<PictureFragment> = {}) => {
    const before = asked;
    serve(revision, { asOf: '2025-10-29T01:31:00.000Z', ...changes });
    clock.advance(pollEveryMs);
    await until('an answer', () => asked === before + 1);
  };
  await next(6);
  await next(5, { epoch: 'second' });
  await until('the new epoch', () => written.at(-1)?.epoch === 'second');
  expect(revisions()).toEqual([7, 5]);
  await next(5, { epoch: 'second', kind: 'SUSPENDED', asOf: '2025-10-29T01:32:00.000Z' });
  await until('the hold', () => state() === 'suspended');
});

test('[LIV-69] [LIV-66] an answer that is no newer, or none, makes nothing young', async () => {
  serve(7);
  await followInVain(await freePort(), 3);
  await until('the first answer', () => written.length === 1);
  const { asOfAtMs } = live.standing.get();
  for (let polls = 2; polls <= 4; polls++) {
    if (polls === 4) served = away;
    clock.advance(pollEveryMs);
    await until(`poll ${polls}`, () => asked === polls);
  }
  expect(4 * pollEveryMs).toBeGreaterThan(quietAfterMs);
  expect([state(), live.standing.get().asOfAtMs]).toEqual(['catching-up', asOfAtMs]);
  serve(7, { asOf: '2025-10-29T01:30:30.000Z' });
  clock.advance(pollEveryMs);
  await until('a later moment', () => state() === 'polling');
});

test('[LIV-69] [BRD-14] a page that can only ask knows how old its first answer is', async () => {
  serve(7, { asOf: '2025-10-29T01:30:00.000Z' });
  serverNow = '2025-10-29T01:30:50.000Z';
  await followInVain(await freePort(), 3);
  await until('the first answer', () => written.length === 1);
  expect([state(), clock.now() - (live.standing.get().asOfAtMs ?? 0)]).toEqual(['lost', 50_000]);
  serve(8, { asOf: '2025-10-29T01:30:54.000Z' });
  serverNow = '2025-10-29T01:30:55.000Z';
  clock.advance(pollEveryMs);
  await until('the second answer', () => written.length === 2);
  expect([state(), clock.now() - (live.standing.get().asOfAtMs ?? 0)]).toEqual(['polling', 1_000]);
});

test('[LIV-69] [LIV-66] an answer may be as much older as lies between two, and is not doubtful for that', async () => {
  serve(7);
  await followInVain(await freePort(), 3);
  await until('the first answer', () => written.length === 1);
  serve(7, { asOf: '2025-10-29T01:30:07.500Z' });
  clock.advance(pollEveryMs);
  await until('the second answer', () => written.length === 2);
  served = away;
  clock.advance(quietAfterMs - 1);
  expect(state()).toBe('polling');
  clock.advance(1);
  expect(state()).toBe('catching-up');
});

test('[LIV-69] once the socket brings a frame nobody is asked any more, and an answer under way is not taken', async () => {
  serve(7);
  const port = await freePort();
  await followInVain(port, 3);
  await until('the first answer', () => written.length === 1);
  const server = await startFrameServer(port, (message, peer) =>
    sendFrame(message, peer, pictureAt(8, { kind: 'SNAPSHOT' })),
  );
  closing.push(() => server.stop());
  // Of an older epoch: taken after the socket's frame it would shut the socket's frames out.
  serve(3, { epoch: 'before' });
  let open: () => void = () => undefined;
  gate = new Promise((resolve) => {
    open = resolve;
  });
  clock.advance(longestWaitMs);
  await until('the frame of the socket', () => state() === 'live');
  open();
  await until('the end of the question under way', () => asked === 2);
  const before = asked;
  for (let spans = 0; spans < 3; spans++) clock.advance(pollEveryMs - 1);
  expect(asked).toBe(before);
  expect(written.at(-1)?.epoch).toBe('first');
});

test('[LIV-120] a machine that slept while it asked asks anew at once, and what it had asked before tells nothing', async () => {
  serve(7, { asOf: '2025-10-29T01:30:00.000Z' });
  serverNow = '2025-10-29T01:30:00.000Z';
  await followInVain(await freePort(), 3);
  await until('the first answer', () => written.length === 1);
  let open: () => void = () => undefined;
  gate = new Promise((resolve) => {
    open = resolve;
  });
  serve(8, { asOf: '2025-10-29T01:30:04.000Z' });
  serverNow = '2025-10-29T01:30:05.000Z';
  clock.advance(pollEveryMs);
  await until('a question under way', () => arrived === 2);
  clock.sleep(3_600_000);
  gate = Promise.resolve();
  serve(9, { asOf: '2025-10-29T02:30:05.000Z' });
  serverNow = '2025-10-29T02:30:06.000Z';
  clock.advance(500);
  expect(state()).toBe('lost');
  await until('the answer of after the sleep', () => state() === 'polling');
  open();
  await until('the end of the question before', () => asked === 3);
  expect([revisions(), state(), clock.now() - (live.standing.get().asOfAtMs ?? 0)]).toEqual([
    [7, 9],
    'polling',
    1_000,
  ]);
});

test('[LIV-121] a picture that alone is refused three times is asked for, while another on the connection gets its frames', async () => {
  let refused = 0;
  let isRefused = true;
  let tellNeighbor: () => void = () => undefined;
  const server = await startFrameServer(0, (message, peer) => {
    if (message.payload?.variables?.area !== null) {
      tellNeighbor = () => sendFrame(message, peer, { revision: 1 });
      tellNeighbor();
    } else if (isRefused) {
      refused++;
      peer.send(JSON.stringify({ id: message.id, type: 'error', payload: [{ message: 'no' }] }));
    } else sendFrame(message, peer, pictureAt(8, { kind: 'SNAPSHOT' }));
  });
  closing.push(() => server.stop());
  serve(7);
  const socket = await followInVain(server.port, 0);
  let heard = 0;
  socket.follow(FollowTotalsDocument, { area: '12.71.14', parts: null }, () => {
    heard++;
    return true;
  });
  for (let times = 1; times <= 3; times++) {
    await until(`refusal ${times}`, () => refused === times);
    // What comes after the refusal shows that it has come.
    const before = heard;
    tellNeighbor();
    await until('a frame of the neighbor', () => heard > before);
    expect(socket.failures.get()).toBe(0);
    if (times === 3) break;
    expect([asked, written.length]).toEqual([0, 0]);
    clock.advance(longestWaitMs);
  }
  await until('the first answer', () => state() === 'polling');
  expect(revisions()).toEqual([7]);
  isRefused = false;
  clock.advance(longestWaitMs);
  await until('a frame of its own', () => state() === 'live');
  const before = asked;
  for (let spans = 0; spans < 3; spans++) clock.advance(pollEveryMs - 1);
  expect([asked, revisions().at(-1)]).toEqual([before, 8]);
});
