import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openRawSocket, type RawSocket } from '#test/support/raw-socket.ts';
import { openSmallSockets, type SmallSockets } from '#test/support/small-sockets.ts';
import { until } from '#test/support/wait.ts';

const COMPLETE = { id: 'X', type: 'complete' };
const follow = (fields: string, id = 'X', variables?: object) => ({
  id,
  type: 'subscribe',
  payload: { query: `subscription { totalsChanged { revision ${fields} } }`, variables },
});
const QUERY = {
  id: 'X',
  type: 'subscribe',
  payload: { query: '{ area(code: "12.71") { totals(atLeast: 1) { revision } } program { name } }' },
};

let small: SmallSockets;
let socket: RawSocket;
let closed = 0;
beforeAll(async () => {
  small = await openSmallSockets();
});
afterAll(() => small.close());
// Whatever was said on it: nothing of a socket is left behind.
afterEach(async () => {
  socket.destroy();
  await until('the socket to be let go', () => {
    const { sockets, groups, followers } = small.sockets.statistics();
    return sockets === 0 && groups === 0 && followers === 0;
  });
});

async function begin(): Promise<void> {
  socket = await openRawSocket(small.port, `127.0.5.${++closed}`);
  await socket.begin();
}

const about = (word: string) => socket.messages().filter((text) => text.includes(word));
const followers = () => small.sockets.statistics().followers;

test('[LIV-89] asked for, completed and asked for otherwise in one go, an id follows the last alone', async () => {
  await begin();
  socket.sayAtOnce(follow('mode'), COMPLETE, follow('epoch'));
  await until('the first frame', () => about('"epoch"').length === 1);
  await small.commit();
  await until('the next one', () => about('"epoch"').length === 2);
  expect([about('"mode"'), followers()]).toEqual([[], 1]);
  socket.say(COMPLETE);
  await until('it to be let go', () => followers() === 0);
  await small.commit();
  expect(about('"epoch"')).toHaveLength(2);
});

test('[LIV-89] a subscription takes the id of a query that was completed before it was answered', async () => {
  await begin();
  socket.sayAtOnce(QUERY, COMPLETE, follow('isLoading'));
  await until('the first frame', () => about('isLoading').length === 1);
  await small.commit();
  await until('the next one', () => about('isLoading').length === 2);
  expect(about('"complete"')).toEqual([]);
  socket.say(COMPLETE);
  await until('it to be let go', () => followers() === 0);
});

test.each([
  ['a subscription, by another', [follow('mode'), follow('epoch')]],
  ['a subscription, by a query', [follow('mode'), QUERY]],
  ['a query, by a subscription', [QUERY, follow('mode')]],
] as const)('[LIV-89] an id in use by %s is refused', async (_what, messages) => {
  await begin();
  socket.sayAtOnce(...messages);
  await until('the close', () => socket.closeCode() === 4409);
});

test('[LIV-89] spaces, comments and variables that the document does not name make no group', async () => {
  await begin();
  for (let index = 0; index < 5; index++)
    socket.say(follow(`kind ${' '.repeat(index)} # ${index}\n`, `j${index}`, { junk: index }));
  await until('all to follow', () => followers() === 5);
  expect(small.sockets.statistics().groups).toBe(1);
});
