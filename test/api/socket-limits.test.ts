import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { writeMetrics } from '#server/base/metrics.ts';
import { SOCKET_LIMITS } from '#server/http/http-limits.ts';
import { measureSockets } from '#server/measure.ts';
import { openRawSocket, PING, PONG, type RawSocket, TEXT } from '#test/support/raw-socket.ts';
import { openSmallSockets, type SmallSockets } from '#test/support/small-sockets.ts';
import { until } from '#test/support/wait.ts';

const CUT_MS = 1_000;
const QUERY = 'subscription { totalsChanged(parts: DISTRICT) { revision kind } }';
/** Another group for each name. */
const named = (name: string) => QUERY.replace('kind', `${name}: kind`);

let small: SmallSockets;
const opened: RawSocket[] = [];

beforeAll(async () => {
  small = await openSmallSockets();
});
afterAll(() => small.close());
// Each begins with nobody there.
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  await until('everyone to be let go', () => small.sockets.statistics().sockets === 0);
});

async function open(localAddress?: string): Promise<RawSocket> {
  const socket = await openRawSocket(small.port, localAddress);
  opened.push(socket);
  return socket;
}

async function begun(localAddress?: string): Promise<RawSocket> {
  const socket = await open(localAddress);
  await socket.begin();
  return socket;
}

const subscribe = (id: number, query = QUERY) => ({ id: String(id), type: 'subscribe', payload: { query } });
/** Time passes as it does for a line: from look to look, and each is answered in between. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 250) await small.program.clock.advanceAsync(250);
}

async function expectCut(socket: RawSocket, code: number): Promise<void> {
  await until('the closing frame', () => socket.closeCode() !== null, CUT_MS);
  expect(socket.closeCode()).toBe(code);
  // It does not answer the closing frame: it is cut all the same.
  expect(await socket.gone()).toBeLessThan(CUT_MS);
}

describe('a socket', () => {
  test('[LIV-80] that does not say who it is within three seconds is cut', async () => {
    const silent = await open();
    const polite = await begun();
    await pass(SOCKET_LIMITS.initMs - 250);
    expect(silent.closeCode()).toBeNull();
    await pass(250);
    await expectCut(silent, 4408);
    expect(polite.closeCode()).toBeNull();
  });

  test.each([
    ['before init', open],
    ['after init', begun],
  ] as const)(
    '[LIV-81] that sends pings without end is cut, %s; a few are answered',
    async (_when, connect) => {
      const socket = await connect();
      const payload = Buffer.alloc(125, 'x');
      socket.send(PING, 'few');
      await until('the answer', () =>
        socket.frames.some(({ opcode, data }) => opcode === PONG && String(data) === 'few'),
      );
      for (let index = 0; index < 20_000; index++) socket.send(PING, payload);
      await expectCut(socket, 1013);
      expect(socket.frames.filter(({ opcode }) => opcode === PONG).length).toBeLessThanOrEqual(
        SOCKET_LIMITS.messagesPerSecond,
      );
    },
  );

  test('[LIV-81] that sends more than 20 messages a second is cut, and at that rate is not', async () => {
    const steady = await begun();
    for (let second = 0; second < 5; second++) {
      await pass(1_000);
      for (let index = 0; index < 19; index++) steady.say({ type: 'pong' });
      await until('the answer', () => {
        steady.say({ type: 'ping' });
        return true;
      });
      await until(
        'the last answer',
        () => steady.messages().filter((text) => text.includes('"pong"')).length > second,
      );
    }
    expect(steady.closeCode()).toBeNull();
    const hasty = await begun();
    for (let index = 0; index < 20; index++) hasty.say({ type: 'pong' });
    await expectCut(hasty, 1013);
  });

  test('[LIV-82] that sends a message in more than 16 fragments, or over 16 KiB, is cut', async () => {
    const few = await begun();
    for (let index = 0; index < 16; index++) {
      const text = JSON.stringify({ type: 'ping' });
      few.send(index === 0 ? TEXT : 0, text.slice(index, index === 15 ? undefined : index + 1), index === 15);
    }
    await until('the answer', () => few.messages().at(-1)?.includes('"pong"'));
    const many = await begun();
    for (let index = 0; index < 16_000; index++) many.send(index === 0 ? TEXT : 0, '', false);
    await expectCut(many, 1008);
    const large = await begun();
    large.send(TEXT, Buffer.alloc(1_000_000, 'x'));
    await expectCut(large, 1009);
  });

  test('[LIV-83] has at most ten subscriptions', async () => {
    const socket = await begun();
    for (let id = 0; id < 10; id++) socket.say(subscribe(id));
    await until('ten frames', () => socket.messages().length === 11);
    expect(socket.closeCode()).toBeNull();
    socket.say({ id: '3', type: 'complete' });
    socket.say(subscribe(11));
    await until('one more', () => socket.messages().length === 12);
    socket.say(subscribe(12));
    await expectCut(socket, 1008);
    await until('its subscriptions to be gone', () => small.sockets.statistics().followers === 0);
  });

  test('[LIV-84] has to answer a ping with its own nonce', async () => {
    const alive = await begun();
    const faking = await begun();
    const dead = await begun();
    for (let ms = 0; ms < 3 * SOCKET_LIMITS.pingMs; ms += 1_000) {
      const asked = alive.frames.filter(({ opcode }) => opcode === PING).length;
      await pass(1_000);
      // What the clock asked for has to have come by the network.
      await new Promise((resolve) => setImmediate(resolve));
      const pings = alive.frames.filter(({ opcode }) => opcode === PING);
      for (const { data } of pings.slice(asked)) alive.send(PONG, data);
      faking.send(PONG, '');
      faking.send(PONG, 'anything');
      await until('what was sent to be read', async () => {
        const before = alive.messages().length;
        alive.say({ type: 'ping' });
        await until('the answer', () => alive.messages().length > before);
        return true;
      });
    }
    await until('who did not answer to be gone', () => small.sockets.count === 1);
    expect(await faking.gone()).toBeLessThan(CUT_MS);
    expect(await dead.gone()).toBeLessThan(CUT_MS);
    expect(alive.frames.filter(({ opcode }) => opcode === PING).length).toBeGreaterThanOrEqual(2);
    expect(alive.closeCode()).toBeNull();
  });

  test('[LIV-85] [OPS-11] that reads nothing has at most 64 KiB waiting, and is cut after ten seconds', async () => {
    const key = await small.addKey('DIRECTOR', '12.71');
    const [stuck, late, quick] = [await open(), await open(), await open()];
    const wide = `subscription { totalsChanged(parts: NEIGHBORHOOD) { revision ${aliased(60)} } }`;
    for (const each of [stuck, late, quick]) {
      await each.begin(key);
      each.say(subscribe(1, wide));
    }
    for (const each of [stuck, late, quick])
      await until('the first frame', () => each.messages().length === 2);
    stuck.stopReading();
    late.stopReading();
    let most = 0;
    await until(
      'both to have no room',
      async () => {
        for (let index = 0; index < 50; index++) {
          small.live.hub.snapshot();
          await new Promise((resolve) => setImmediate(resolve));
          most = Math.max(most, small.sockets.statistics().waitingBytes);
        }
        return small.sockets.statistics().skipped > 200;
      },
      25_000,
    );
    measureSockets(small.sockets.statistics);
    const { skipped, waitingBytes } = small.sockets.statistics();
    expect(writeMetrics()).toContain(`\nkepling_frames_skipped_total ${skipped}\n`);
    expect(writeMetrics()).toContain(`\nkepling_socket_waiting_bytes ${waitingBytes}\n`);
    expect(most).toBeGreaterThan(16 * 1024);
    expect(most).toBeLessThanOrEqual(SOCKET_LIMITS.waitingBytes);
    await small.commit();
    const { revision } = small.live;
    late.readOn();
    const newest = (socket: RawSocket) => socket.messages().at(-1)?.includes(`"revision":${revision},`);
    await until('the newest frame', () => newest(late) && newest(quick));
    const frames = (socket: RawSocket) => socket.messages().length;
    expect(frames(late)).toBeLessThan(frames(quick));
    await pass(SOCKET_LIMITS.stalledMs + 500);
    await until('the one that reads nothing to be gone', () => small.sockets.count === 2);
    stuck.readOn();
    await stuck.gone();
    expect(newest(stuck)).toBe(false);
  }, 60_000);
});

describe('all sockets', () => {
  test('[LIV-86] of one address are counted: those that say nothing, and those without an account', async () => {
    const crowd = await Promise.allSettled(
      Array.from({ length: SOCKET_LIMITS.newPerAddress + 30 }, () => open('127.0.9.1')),
    );
    expect(crowd.filter(({ status }) => status === 'rejected')).toHaveLength(30);
    expect(
      String((crowd.find(({ status }) => status === 'rejected') as PromiseRejectedResult).reason),
    ).toContain('429');
    expect((await begun('127.0.9.2')).closeCode()).toBeNull();
    for (const socket of opened.slice(0, SOCKET_LIMITS.anonymousPerAddress)) await socket.begin();
    const next = await open('127.0.9.1');
    next.say({ type: 'connection_init' });
    await expectCut(next, 1013);
    const key = await small.addKey('DIRECTOR', '12.71');
    const person = await open('127.0.9.1');
    await person.begin(key);
    opened[0]?.destroy();
    await until('one to be gone', () => small.sockets.count === SOCKET_LIMITS.anonymousPerAddress + 1);
    expect((await begun('127.0.9.1')).closeCode()).toBeNull();
  });

  test('[LIV-86] that say nothing are let go, and leave their places to others', async () => {
    const before = small.sockets.statistics().sockets;
    const addresses = Array.from({ length: 3 }, (_, index) => `127.0.8.${index + 1}`);
    const crowd = await Promise.allSettled(
      addresses.flatMap((each) => Array.from({ length: 220 }, () => open(each))),
    );
    expect(crowd.filter(({ status }) => status === 'fulfilled')).toHaveLength(
      3 * SOCKET_LIMITS.newPerAddress,
    );
    await pass(SOCKET_LIMITS.initMs);
    await until('all to be cut', () => small.sockets.statistics().sockets === before, CUT_MS + 1_000);
    expect((await begun(addresses[0])).closeCode()).toBeNull();
  });

  test('[LIV-87] leave nothing behind: 10,000 times subscribe and go', async () => {
    const { clock } = small.program;
    const timers = clock.waiting;
    const before = { ...small.sockets.statistics(), delivered: 0, renderings: 0, skipped: 0 };
    const listeners = process.eventNames().length;
    const lines = await Promise.all(Array.from({ length: 50 }, (_, index) => begun(`127.0.7.${index % 5}`)));
    let done = 0;
    for (let round = 0; round < 24; round++) {
      for (const line of lines) {
        for (let id = 0; id < 8; id++) {
          line.say(subscribe(id, id % 2 ? QUERY : named(`of${round}`)));
          done += 1;
        }
        // One that gives up before there is anything to follow gets nothing.
        line.say(subscribe(8, named(`nobody${round}`)));
        line.say({ id: '8', type: 'complete' });
      }
      await until('each to have its frame', () =>
        lines.every(({ messages }) => messages().length === 1 + 8 * (round + 1)),
      );
      for (const line of lines) for (let id = 0; id < 8; id++) line.say({ id: String(id), type: 'complete' });
      await until('all to have gone', () => {
        const { followers, groups } = small.sockets.statistics();
        return followers === 0 && groups === 0;
      });
      await pass(1_000);
      for (const { frames, send } of lines) {
        const asked = frames.filter(({ opcode }) => opcode === PING).at(-1);
        if (asked) send(PONG, asked.data);
      }
    }
    for (const line of lines) {
      for (let id = 0; id < 10; id++) line.say(subscribe(id));
      done += 10;
    }
    await until('all to follow', () => small.sockets.statistics().followers === 500);
    await small.commit();
    for (const line of lines) line.destroy();
    await until('all to be gone', () => small.sockets.statistics().sockets === 0);
    expect(done).toBeGreaterThanOrEqual(10_000);
    expect({ ...small.sockets.statistics(), delivered: 0, renderings: 0, skipped: 0 }).toEqual(before);
    expect([small.live.hub.followers, small.live.hub.topics, clock.waiting]).toEqual([0, 0, timers]);
    expect(process.eventNames().length).toBe(listeners);
  }, 60_000);
});

/** So many figures under names of their own. */
function aliased(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `a${index}: neighborhoods`);
  return `parts { totals { ${names.join(' ')} } }`;
}
