import v8 from 'node:v8';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Latest } from '#server/base/latest.ts';
import { Following } from '#server/http/socket/following.ts';
import { openTestApp, type TestApp } from '#test/support/app.ts';
import { until } from '#test/support/wait.ts';
import { addressOf } from './followers.ts';
import { inForm, seeded } from './form.ts';
import { INIT, OPCODE, openRaw, subscribeTo } from './raw-client.ts';

const TIMES = inForm(300, 10_000);
const AT_ONCE = 20;
const WAYS = ['completes', 'hangs up', 'goes before the answer'] as const;
const SUBSCRIPTIONS = [
  'subscription { totalsChanged(parts: DISTRICT) { revision parts { totals { enrolled } } } }',
  'subscription { leadersChanged(level: DISTRICT) { revision } }',
] as const;

const random = seeded('churn');
let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app?.close());

async function subscribeAndGo(index: number): Promise<void> {
  const way = random.pick(WAYS);
  const client = await openRaw(app.url, addressOf(index));
  client.frame(OPCODE.TEXT, INIT);
  await until('the acknowledgement', () => client.heard.includes('connection_ack'));
  client.frame(OPCODE.TEXT, subscribeTo('1', random.pick(SUBSCRIPTIONS)));
  if (way !== 'goes before the answer') await until('a frame', () => client.heard.includes('"next"'));
  if (way === 'completes') client.frame(OPCODE.TEXT, JSON.stringify({ id: '1', type: 'complete' }));
  client.destroy();
}

async function go(times: number): Promise<void> {
  let next = 0;
  const one = async () => {
    while (next < times) await subscribeAndGo(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** What stands in this process, in which the server is: sockets and timers by kind, and iterators of readers. */
function standing(): Record<string, number> {
  const counts: Record<string, number> = {
    iterators: v8.queryObjects(Latest, { format: 'count' }),
    // Of groups: what graphql-ws holds of a shared subscription.
    followings: v8.queryObjects(Following, { format: 'count' }),
  };
  for (const kind of process.getActiveResourcesInfo())
    if (/TCP|Timeout/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

test('[FLT-10] however often somebody subscribes and goes, in whatever way, no iterator, timer or socket is left', async () => {
  // What is made once and kept, such as the group of a topic that was asked for, is there after the first round.
  await go(AT_ONCE * 4);
  await until('the first round to have gone', () => (standing().TCPSocketWrap ?? 0) === 0);
  const before = standing();
  await go(TIMES);
  await until('all to have gone', () => (standing().TCPSocketWrap ?? 0) === 0, 20_000);
  await until('nothing to be left', () => {
    const after = standing();
    return Object.keys(after).every((kind) => (after[kind] ?? 0) <= (before[kind] ?? 0));
  }).catch(() => undefined);
  const after = standing();
  for (const kind of Object.keys(after))
    expect([kind, after[kind]]).toEqual([kind, Math.min(after[kind] ?? 0, before[kind] ?? 0)]);
});
