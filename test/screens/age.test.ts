/**
 * A server that lives and has lost its database: it answers pings, sends no heartbeat, and gives each newcomer its last
 * picture. The sockets are real; time is held, and the program's time is months away from this machine's.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { follow, type Source } from '#client/live/follow.ts';
import { createLive, type Live } from '#client/live/live-context.ts';
import { readPicture } from '#client/live/read-picture.ts';
import { quietAfterMs } from '#client/live/watchdog.ts';
import { ageOf } from '#client/parts/freshness.ts';
import { FollowTotalsDocument, type PictureFragment } from '#client/wire/generated/graphql.ts';
import { openSocket } from '#client/wire/socket.ts';
import { type HeldClock, heldClock } from '#test/support/held-clock.ts';
import { QuietWebSocket } from '#test/support/quiet-web-socket.ts';
import { until } from '#test/support/wait.ts';
import { type Message, sendFrame, startFrameServer } from '#test/wire/frame-server.ts';
import { pictureAt } from './picture.ts';

const startedAtMs = Date.parse('2025-10-29T01:30:07Z');
const longestWaitMs = 5_000;
const awayMs = 600_000;
const slot = 'city';

let clock: HeldClock;
let newest: PictureFragment;
let asked: [Message, WebSocket] | null;
let server: Awaited<ReturnType<typeof startFrameServer>>;
/** What the server tells of the time. */
let programMs: (() => number) | null;
/** The first frame overtakes the first answer. */
let isPongLate: boolean;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  localStorage.clear();
  isPongLate = false;
  clock = heldClock(0);
  programMs = () => startedAtMs + clock.now();
  newest = pictureAt(5, { asOf: new Date(startedAtMs).toISOString() });
  server = await startFrameServer(
    0,
    (message, peer) => {
      asked = [message, peer];
      sendFrame(message, peer, { ...newest, kind: newest.kind === 'SUSPENDED' ? newest.kind : 'SNAPSHOT' });
    },
    { now: () => programMs?.(), isPongLate: () => isPongLate },
  );
  closing.push(() => server.stop());
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Screen {
  /** The word, and how old the picture is in milliseconds. */
  said(): { state: string; ageMs: number; agoMs: number | null };
  /** Frames it took. */
  readonly written: readonly PictureFragment[];
  isDown(): boolean;
  leave(): void;
}

/** A page that is opened now; what it kept in the browser's storage stays there. */
function openScreen(): Screen {
  const live: Live = createLive();
  const written: PictureFragment[] = [];
  const socket = openSocket({
    url: `ws://127.0.0.1:${server.port}/`,
    webSocketImpl: QuietWebSocket,
    random: () => 0.999,
    clock,
  });
  const source: Source<PictureFragment> = {
    subscribe: (on, take) =>
      on.follow(FollowTotalsDocument, { area: null, parts: 'DISTRICT' }, ({ totalsChanged }) =>
        take(totalsChanged),
      ),
    write: (picture) => written.push(picture),
    shelf: { storage: localStorage, slot, read: readPicture },
  };
  const end = follow(source, socket, live);
  const leave = () => {
    end();
    socket.close();
  };
  closing.push(leave);
  return {
    written,
    leave,
    isDown: () => socket.connection.get() === 'down',
    said() {
      const { state, asOfAtMs } = live.standing.get();
      const ageMs = clock.now() - (asOfAtMs ?? clock.now());
      return { state, ageMs, agoMs: ageOf(Date.parse(written.at(-1)?.asOf ?? ''), ageMs, state).agoMs };
    },
  };
}

/** The newest frame as a heartbeat of now. */
function beat(): void {
  newest = {
    ...newest,
    kind: 'HEARTBEAT',
    asOf: new Date(programMs?.() ?? startedAtMs + clock.now()).toISOString(),
  };
  if (asked) sendFrame(...asked, newest);
}

/** Another connection, five seconds later. */
async function reconnect(screen: Screen): Promise<void> {
  const { length } = screen.written;
  server.cut();
  await until('the end of the connection', () => screen.isDown());
  clock.advance(longestWaitMs);
  await until('the picture of another connection', () => screen.written.length > length);
}

test.each([
  ['which tells the time', true],
  ['which does not tell the time', false],
])(
  '[BRD-14] the last picture, given again on each connection by a server without its database %s, makes nothing young',
  async (_, isTold) => {
    if (!isTold) programMs = null;
    const screen = openScreen();
    await until('the first frame', () => screen.written.length === 1);
    const said = [screen.said()];
    for (let times = 1; times <= 5; times++) {
      await reconnect(screen);
      said.push(screen.said());
    }
    expect(said).toEqual([
      { state: 'live', ageMs: 0, agoMs: null },
      { state: 'live', ageMs: 5_000, agoMs: null },
      { state: 'live', ageMs: 10_000, agoMs: 10_000 },
      { state: 'catching-up', ageMs: 15_000, agoMs: 15_000 },
      { state: 'lost', ageMs: 20_000, agoMs: 20_000 },
      { state: 'lost', ageMs: 25_000, agoMs: 25_000 },
    ]);
    beat();
    await until('life', () => screen.said().state === 'live');
    expect(screen.said().ageMs).toBe(0);
  },
);

test('[BRD-14] what came late is doubtful and lost when it is so old, not so long after it came', async () => {
  const screen = openScreen();
  await until('the first frame', () => screen.written.length === 1);
  await reconnect(screen);
  clock.advance(quietAfterMs - longestWaitMs - 1);
  expect(screen.said().state).toBe('live');
  clock.advance(1);
  expect(screen.said().state).toBe('catching-up');
});

test('[BRD-14] a page opened while the database is away says how long it has been, and hands that on to a reload', async () => {
  clock.advance(awayMs);
  const screen = openScreen();
  await until('the picture', () => screen.written.length === 1);
  expect(screen.said()).toEqual({ state: 'lost', ageMs: awayMs, agoMs: awayMs });
  screen.leave();
  programMs = null;
  const reloaded = openScreen();
  const isOld = () => reloaded.said().ageMs >= awayMs && reloaded.said().ageMs < awayMs + 60_000;
  expect([reloaded.written.length, reloaded.said().state, isOld()]).toEqual([1, 'catching-up', true]);
  await until('the picture of the server', () => reloaded.written.length === 2);
  expect([reloaded.said().state, isOld()]).toEqual(['lost', true]);
});

test('[BRD-14] where the first frame overtakes the answer that tells the time, the picture is judged anew', async () => {
  isPongLate = true;
  clock.advance(awayMs);
  const screen = openScreen();
  await until('the picture and the time', () => screen.said().ageMs === awayMs);
  expect(screen.said()).toEqual({ state: 'lost', ageMs: awayMs, agoMs: awayMs });
});

test('[BRD-14] the server corrects what this machine made of its own clock', async () => {
  const kept = { picture: newest, asOfAtMs: Date.now() - 40 * 86_400_000 };
  localStorage.setItem(slot, JSON.stringify(kept));
  const screen = openScreen();
  expect(screen.said().ageMs).toBeGreaterThanOrEqual(40 * 86_400_000);
  await until('the picture of the server', () => screen.written.length === 2);
  expect(screen.said()).toEqual({ state: 'live', ageMs: 0, agoMs: null });
});

test('[BRD-14] figures that are held back keep their old moment, and the word that they are is of now', async () => {
  newest = { ...newest, kind: 'SUSPENDED' };
  clock.advance(awayMs);
  const screen = openScreen();
  await until('the picture', () => screen.written.length === 1);
  expect(screen.said()).toEqual({ state: 'suspended', ageMs: awayMs, agoMs: null });
});

test('[BRD-14] while history is loaded program time stands still: a heartbeat is of now, the same picture again is not', async () => {
  newest = { ...newest, isLoading: true };
  programMs = () => startedAtMs;
  const screen = openScreen();
  await until('the first frame', () => screen.written.length === 1);
  for (let times = 1; times <= 3; times++) await reconnect(screen);
  expect(screen.said()).toEqual({ state: 'catching-up', ageMs: 15_000, agoMs: 15_000 });
  beat();
  await until('life', () => screen.said().state === 'live');
  expect(screen.said().ageMs).toBe(0);
});

const nightMs = 3_600_000;

test('[BRD-70] a machine that slept shows its picture as that much older once it is awake, until life comes', async () => {
  programMs = () => startedAtMs + clock.wall();
  const screen = openScreen();
  await until('the first frame', () => screen.written.length === 1);
  expect(screen.said()).toEqual({ state: 'live', ageMs: 0, agoMs: null });
  clock.sleep(nightMs);
  clock.advance(500);
  expect(screen.said()).toEqual({ state: 'lost', ageMs: nightMs + 500, agoMs: nightMs + 500 });
  await until('the picture of another connection', () => screen.written.length === 2);
  expect(screen.said()).toEqual({ state: 'lost', ageMs: nightMs + 500, agoMs: nightMs + 500 });
  beat();
  await until('life', () => screen.said().state === 'live');
  expect(screen.said().ageMs).toBe(0);
});

test('[BRD-70] a short sleep counts into the silence, and a clock that was set back into nothing', async () => {
  programMs = () => startedAtMs + clock.now();
  const screen = openScreen();
  await until('the first frame', () => screen.written.length === 1);
  clock.sleep(-nightMs);
  clock.advance(1_000);
  expect(screen.said()).toEqual({ state: 'live', ageMs: 1_000, agoMs: null });
  clock.sleep(quietAfterMs - 2_000);
  clock.advance(500);
  expect(screen.said().ageMs).toBe(quietAfterMs - 500);
  await until('another connection', () => server.subscribed.length === 2 && screen.written.length === 2);
  // By the server's word nothing had passed: somebody set the clock forward.
  expect(screen.said()).toEqual({ state: 'live', ageMs: 1_500, agoMs: null });
});

test('[BRD-70] what lay on the line over the sleep is not taken for what comes after it', async () => {
  programMs = () => startedAtMs + clock.wall();
  const screen = openScreen();
  await until('the first frame', () => screen.written.length === 1);
  clock.sleep(nightMs);
  if (asked) sendFrame(...asked, { ...newest, kind: 'UPDATE', revision: 6 });
  await until('another connection', () => server.subscribed.length === 2 && screen.written.length === 2);
  expect(screen.written.map(({ revision }) => revision)).toEqual([5, 5]);
  expect(screen.said()).toEqual({ state: 'lost', ageMs: nightMs, agoMs: nightMs });
});
