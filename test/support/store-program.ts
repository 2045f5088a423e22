/**
 * A small program on a real DATA_DIR, for tests that kill it: claims the folder (unless run `beside` a server), opens the store, and answers each line
 * of standard input after the commit of a row with that topic. Ends in order on SIGTERM.
 */
import { createInterface } from 'node:readline';
import { systemClock } from '#server/base/clock.ts';
import { createLog } from '#server/base/log.ts';
import { AlreadyRunning, claimDataDir } from '#server/store/claim.ts';
import { openStore } from '#server/store/store.ts';
import { StoreUnavailable } from '#server/store/store-unavailable.ts';

const dataDir = process.argv[2] as string;
const isBesideServer = process.argv[3] === 'beside';
const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);

try {
  const claim = isBesideServer ? undefined : await claimDataDir(dataDir);
  const store = await openStore({ dataDir }, createLog({ level: 'silent' }), systemClock);
  const known = await store.prisma.version.findMany({ where: { programId: 1 } });
  await claim?.holdDatabase(store);
  claim?.serving(4321);
  createInterface({ input: process.stdin }).on('line', async (topic) => {
    await store.prisma.version.create({ data: { programId: 1, topic, version: 1n } });
    say({ committed: topic });
  });
  process.once('SIGTERM', async () => {
    await claim?.release();
    await store.close();
    process.exit(0);
  });
  say({ ready: true, pid: process.pid, topics: known.map(({ topic }) => topic) });
} catch (error) {
  if (!(error instanceof AlreadyRunning) && !(error instanceof StoreUnavailable)) throw error;
  say({ refused: error.message });
  process.exit(1);
}
