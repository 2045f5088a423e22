import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openRawSocket, type RawSocket } from '#test/support/raw-socket.ts';
import { CITY } from '#test/support/small-program.ts';
import { openSmallSockets, type SmallSockets } from '#test/support/small-sockets.ts';
import { until } from '#test/support/wait.ts';

/** Groups that one client may have opened. */
const MOST = 30;
const [GREEDY, HONEST, MOBILE] = ['127.0.13.1', '127.0.13.2', '127.0.13.3'] as const;

let small: SmallSockets;
const opened: RawSocket[] = [];
beforeAll(async () => {
  small = await openSmallSockets();
});
afterAll(() => small.close());
// Each begins with nobody there.
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  await until('everyone to be let go', () => small.sockets.statistics().groups === 0);
});

/** Each number is another question. */
const question = (number: number) => `subscription { totalsChanged { of${number}: revision kind } }`;

async function begun(from: string, key?: string): Promise<RawSocket> {
  const socket = await openRawSocket(small.port, from);
  opened.push(socket);
  await socket.begin(key);
  return socket;
}

/** Asks on a socket until each is answered; gives the answers. */
async function ask(socket: RawSocket, queries: readonly string[]): Promise<readonly string[]> {
  const answers = queries.map(async (query, index) => {
    const id = `${opened.indexOf(socket)} ${index} ${query}`;
    const named = `"id":${JSON.stringify(id)},"type":"next"`;
    socket.say({ id, type: 'subscribe', payload: { query } });
    return await until('an answer', () => socket.messages().find((text) => text.includes(named)));
  });
  return await Promise.all(answers);
}

/** So many questions, ten to a socket as it may. */
async function open(count: number, from: string, key?: string, first = 0): Promise<readonly string[]> {
  const answers: string[] = [];
  for (let done = 0; done < count; done += 10) {
    const numbers = Array.from({ length: Math.min(10, count - done) }, (_, index) => first + done + index);
    answers.push(...(await ask(await begun(from, key), numbers.map(question))));
  }
  return answers;
}
const refused = (answers: readonly string[]) =>
  answers.filter((text) => text.includes('"code":"RATE_LIMITED"')).length;

describe('different questions', () => {
  test('[LIV-100] that one address opened are at most thirty; who asks what is open, or asks elsewhere, is served', async () => {
    expect(refused(await open(MOST, GREEDY))).toBe(0);
    expect(refused(await open(20, GREEDY, undefined, MOST))).toBe(20);
    expect(small.sockets.statistics().groups).toBe(MOST);
    expect(refused(await open(10, GREEDY))).toBe(0);
    expect(refused(await open(10, HONEST, undefined, MOST))).toBe(0);
    // Those are open now, for all.
    expect(refused(await open(10, GREEDY, undefined, MOST))).toBe(0);
  });

  test('[LIV-100] of an account are its own, at whatever addresses it is', async () => {
    const [one, other] = [await small.addKey('DIRECTOR', CITY), await small.addKey('DIRECTOR', CITY)];
    expect(refused(await open(MOST, GREEDY, one))).toBe(0);
    expect(refused(await open(1, MOBILE, one, MOST))).toBe(1);
    expect(refused(await open(1, GREEDY, other, MOST))).toBe(0);
    expect(refused(await open(1, GREEDY))).toBe(0);
  });

  test('[LIV-100] are counted until their group closes, and what was refused is not counted', async () => {
    const nowhere = Array.from({ length: 10 }, (_, n) =>
      question(n).replace('Changed', 'Changed(area: "12.71.99")'),
    );
    for (let round = 0; round < 4; round++)
      expect(await ask(await begun(GREEDY), nowhere)).toEqual(
        Array.from({ length: 10 }, () => expect.stringContaining('BAD_USER_INPUT')),
      );
    await open(MOST, GREEDY);
    const reader = await begun(HONEST);
    await ask(reader, [question(0)]);
    const crowd = opened.splice(0).filter((socket) => socket !== reader);
    opened.push(reader);
    for (const socket of crowd) socket.destroy();
    await until('all but the read one to close', () => small.sockets.statistics().groups === 1);
    // One of its thirty is still read.
    const again = await open(MOST, GREEDY, undefined, 100);
    expect(refused(again)).toBe(1);
    expect(again.at(-1)).toContain('"code":"RATE_LIMITED"');
  });

  test('[LIV-100] that give up before they are opened leave no count', async () => {
    const socket = await begun(GREEDY);
    for (let round = 0; round < 5; round++) {
      for (let number = 0; number < 8; number++) {
        const id = `${round} ${number}`;
        const subscribe = { id, type: 'subscribe', payload: { query: question(number + round * 8) } };
        socket.sayAtOnce(subscribe, { id, type: 'complete' });
      }
      await small.program.clock.advanceAsync(1_000);
    }
    await until('nobody to follow', () => small.sockets.statistics().groups === 0);
    expect(refused(await open(MOST, GREEDY))).toBe(0);
  });
});
