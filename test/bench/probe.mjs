/**
 * Goes before a server under measurement (`node --import`): answers the bench's questions over the process's own
 * channel, and changes nothing of what the server does. With BENCH_COUNT=1 it counts queries and executions.
 */
import { Session } from 'node:inspector/promises';

const isCounting = process.env.BENCH_COUNT === '1';
const counts = { queries: 0, executions: 0 };
/** How often each statement was sent, by its first words. */
const statements = {};

if (isCounting) {
  const { default: pg } = await import('pg');
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function counted(what, ...rest) {
    counts.queries += 1;
    const text = String(what?.text ?? what?.cursor?.text ?? what)
      .trim()
      .replace(/\s+/g, ' ')
      .slice(0, 40);
    statements[text] = (statements[text] ?? 0) + 1;
    return query.call(this, what, ...rest);
  };
  const { publicSchema, staffSchema } = await import('../../server/graphql/schema.ts');
  for (const schema of [publicSchema, staffSchema]) {
    const field = schema.getSubscriptionType().getFields().totalsChanged;
    const { resolve } = field;
    field.resolve = (...args) => {
      counts.executions += 1;
      return resolve(...args);
    };
  }
}

let session = null;

const ANSWERS = {
  async startProfile() {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    return true;
  },
  stopProfile: async () => (await session.post('Profiler.stop')).profile,
  cpu: () => process.cpuUsage(),
  counts: () => ({ ...counts, statements: { ...statements } }),
  async memory() {
    for (let i = 0; i < 6; i++) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return process.memoryUsage();
  },
};

process.on('message', async ({ ask }) => {
  if (ask) process.send?.({ answer: await ANSWERS[ask](), ask });
});
// The server ends when it wants to, not when the bench lets go of the channel.
process.channel?.unref();
process.on('disconnect', () => process.exit(0));
