import net from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAccounts } from '#server/domain/access/accounts.ts';
import { PROGRAM_ID } from '#server/domain/program/found-program.ts';
import type { Doorkeeper } from '#server/http/credentials.ts';
import { openRawSocket, PING, PONG, type RawSocket } from '#test/support/raw-socket.ts';
import { openSmallSockets, type SmallSockets } from '#test/support/small-sockets.ts';
import { until } from '#test/support/wait.ts';

/** Before the true doorkeeper: counts what it is asked, and is busy or slow where a test says so. */
class Busy {
  readonly asked: string[] = [];
  readonly answered: string[] = [];
  isAway = false;
  #held: string | null = null;
  #release = Promise.resolve();

  /** Holds answers to one question from now on, each read already; gives what lets them go. */
  hold(name: keyof Doorkeeper['principals']): () => void {
    let release = () => {};
    this.#held = name;
    this.#release = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  stand = ({ principals, people }: Doorkeeper): Doorkeeper => ({
    principals: this.#watched(principals),
    people: this.#watched(people),
  });

  #watched<T extends object>(subject: T): T {
    return new Proxy(subject, {
      get: (_target, name) => {
        const value: unknown = Reflect.get(subject, name);
        if (typeof value !== 'function') return value;
        return async (...given: unknown[]) => {
          this.asked.push(String(name));
          if (this.isAway) throw new Error('timeout exceeded when trying to connect');
          const answer: unknown = await value.apply(subject, given);
          this.answered.push(String(name));
          if (name === this.#held) await this.#release;
          return answer;
        };
      },
    });
  }
}

let busy: Busy;
let small: SmallSockets;
const opened: RawSocket[] = [];

beforeEach(async () => {
  busy = new Busy();
  small = await openSmallSockets(undefined, busy.stand);
});
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  await small.close();
});

const accounts = () =>
  openAccounts(small.program.store.prisma, { id: PROGRAM_ID, mode: 'DEMO' }, small.program.clock.now);

async function begun(presented: { readonly key?: string; readonly cookie?: string }): Promise<RawSocket> {
  const socket = await openRawSocket(
    small.port,
    undefined,
    presented.cookie ? { Cookie: presented.cookie } : {},
  );
  opened.push(socket);
  await socket.begin(presented.key);
  return socket;
}

/** A new person's session, as a browser keeps it. */
async function session(username: string): Promise<string> {
  const made = await accounts().add({ username, role: 'DIRECTOR', areaCode: '12.71' }, ['password']);
  const signedIn = await small.doorkeeper.people.signIn(username, made?.password ?? '', new Headers());
  return (signedIn?.setCookies[0] ?? '').split(';')[0] ?? '';
}

const pass = async (ms: number) => {
  for (let left = ms; left > 0; left -= 250) await small.program.clock.advanceAsync(250);
};
/** As `pass`, for long: each ping is answered, as whoever is alive does. */
async function live(sockets: readonly RawSocket[], ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 5_000) {
    await pass(Math.min(left, 5_000));
    for (const socket of sockets) {
      if (socket.closeCode() !== null) continue;
      const pings = socket.frames.filter(({ opcode }) => opcode === PING);
      for (const { data } of pings.slice(-1)) socket.send(PONG, data);
      // Once this is answered what was sent before it has arrived, both ways.
      const mark = `${left} ms left of ${ms}`;
      socket.send(PING, mark);
      await until('the mark', () =>
        socket.frames.some(({ opcode, data }) => opcode === PONG && String(data) === mark),
      );
    }
  }
}
const readings = () => busy.asked.filter((name) => name === 'openSessions').length;

test('[ACC-33] all sockets are read again in three queries, one reading at a time and one more after it', async () => {
  const cookies = [await session('satu'), await session('dua'), await session('tiga')];
  const keys = [await small.addKey('LEADERSHIP', '12.71'), await small.addKey('DISTRICT', '12.71.14')];
  const sockets: RawSocket[] = [];
  for (let round = 0; round < 10; round++) {
    for (const cookie of cookies) sockets.push(await begun({ cookie }));
    for (const key of keys) sockets.push(await begun({ key }));
  }
  busy.asked.length = 0;
  const release = busy.hold('byKeys');
  await accounts().revoke('dua');
  await small.announce();
  await small.announce();
  await small.announce();
  // The first reading has begun, and nothing else.
  await until('the reading', () => busy.asked.length > 0);
  expect(busy.asked).toEqual(['byKeys']);
  release();
  const ended = sockets.filter((_socket, index) => index % 5 === 1);
  await until('who is no longer allowed to be told', () => ended.every((each) => each.closeCode() === 4403));
  await until('the reading after it', () => busy.asked.length >= 6);
  expect(busy.asked.join()).toBe('byKeys,openSessions,byUsers,byKeys,openSessions,byUsers');
  expect(sockets.filter((each) => each.closeCode() !== null)).toHaveLength(ended.length);
});

test('[ACC-33] a database that does not answer is asked again and cuts nobody', async () => {
  const [stays, goes] = [
    await begun({ cookie: await session('satu') }),
    await begun({ cookie: await session('dua') }),
  ];
  busy.isAway = true;
  busy.asked.length = 0;
  await accounts().revoke('dua');
  await small.announce();
  await pass(5_000);
  const tries = busy.asked.length;
  expect(tries).toBeGreaterThanOrEqual(4);
  expect(tries).toBeLessThanOrEqual(8);
  expect([stays.closeCode(), goes.closeCode()]).toEqual([null, null]);
  expect(small.logged.filter((line) => line.includes('could not be read again'))).toHaveLength(1);
  busy.isAway = false;
  await pass(1_000);
  await until('the revoked one to be told', () => goes.closeCode() === 4403);
  expect(stays.closeCode()).toBeNull();
});

test('[ACC-34] a socket ends with its session, and one that is prolonged goes on', async () => {
  const [ends, prolonged] = [await session('satu'), await session('dua')];
  const sockets = [await begun({ cookie: ends }), await begun({ cookie: prolonged })];
  const { admin, clock } = small.program;
  const endAt = (cookie: string, ms: number) =>
    admin.query('UPDATE sessions SET expires_at = $2 WHERE token = $1', [
      cookie.split('=')[1]?.split('.')[0],
      new Date(clock.now() + ms),
    ]);
  await endAt(ends, 100_000);
  await endAt(prolonged, 100_000);
  await live(sockets, 60_000);
  await until('what is known of them', () => readings() === 1);
  await endAt(prolonged, 1_000_000);
  await live(sockets, 39_000);
  expect(sockets.map((each) => each.closeCode())).toEqual([null, null]);
  await pass(1_000);
  await until('its end', () => sockets[0]?.closeCode() === 4403);
  await live(sockets, 60_000);
  await until('another reading', () => readings() >= 3);
  expect(sockets[1]?.closeCode()).toBeNull();
});

test.each(['a key', 'a session'])(
  '[ACC-35] who is revoked while %s is being read does not come in by it',
  async (kind) => {
    const made = await accounts().add({ username: 'satu', role: 'DIRECTOR', areaCode: '12.71' }, ['key']);
    const cookie = await session('dua');
    const socket = await openRawSocket(small.port, undefined, kind === 'a session' ? { Cookie: cookie } : {});
    opened.push(socket);
    const [name, held] = kind === 'a key' ? (['satu', 'byKey'] as const) : (['dua', 'byUser'] as const);
    const release = busy.hold(held);
    const payload = kind === 'a key' ? { authorization: `Bearer ${made?.key}` } : {};
    socket.say({ type: 'connection_init', payload });
    await until('the database to have answered', () => busy.answered.includes(held));
    await accounts().revoke(name);
    await small.announce();
    release();
    if (kind === 'a key') {
      await until('the refusal', () => socket.closeCode() === 4401);
      expect(socket.messages()).toEqual([]);
      return;
    }
    // Without its session it is nobody.
    await until('the acknowledgement', () => socket.messages().length > 0);
    const query = '{ viewer { username } }';
    socket.say({ id: '1', type: 'subscribe', payload: { query } });
    await until('the answer', () => socket.messages().length > 1);
    expect(socket.messages()[1]).not.toContain('dua');
  },
);

test.each(['/graphq', '/'])(
  "[OPS-23] a refused upgrade's connection is ended by the server: %s",
  async (path) => {
    const line = net.connect({ port: small.port, host: '127.0.0.1', allowHalfOpen: true });
    let answer = '';
    let isGone = false;
    line.on('data', (chunk) => {
      answer += String(chunk);
    });
    line.on('error', () => undefined);
    line.once('close', () => {
      isGone = true;
    });
    line.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    await until('the answer', () => answer.includes('404 Not Found'));
    await until(
      'the end',
      () => {
        // It keeps its own end open, and finds out only where it says something.
        if (!isGone) line.write('x');
        return isGone;
      },
      2_000,
    ).finally(() => line.destroy());
  },
);
