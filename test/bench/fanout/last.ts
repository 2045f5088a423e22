/**
 * Time to the last of 5,000: from the moment the server has what it tells (for ours the look that found the commit, as
 * the frame itself says; for bare ws the moment before it makes its bytes) until the last socket has it. One frame at
 * a time, so that none waits for a beat.
 */
import { Crowd } from '../crowd.ts';
import { estimate, tell } from '../figures.ts';
import { requireOpenFiles } from '../machine.ts';
import { installPeers, startPeer } from '../peers.ts';
import { progress, say, sayGoal, table } from '../say.ts';
import { openStage } from '../stage.ts';
import { OURS, startFollowing } from './followers.ts';
import { sampleFrame } from './frame-file.ts';
import { readOptions } from './options.ts';

const PAUSE_MS = 150;

export async function last(args: readonly string[]): Promise<void> {
  const { rounds, sockets } = readOptions(args, { rounds: 40, sockets: 5_000 });
  requireOpenFiles(2 * sockets + 500);
  installPeers();
  const stage = await openStage();
  const crowds: Crowd[] = [];
  try {
    const product = await stage.startProduct();
    const { file } = await sampleFrame(stage, product);
    const bareServer = stage.adopt(await startPeer('bare', file));
    const open = async (port: number) => {
      const crowd = new Crowd();
      crowds.push(crowd);
      await crowd.connect(port, sockets);
      return crowd;
    };
    const bareCrowd = await open(bareServer.port);
    const crowd = await open(product.port);
    await startFollowing(crowd, OURS, true);
    const { clockOffsetMs } = stage.writer;
    const bare: number[] = [];
    const ours: number[] = [];
    progress(`${rounds} frames each`);
    for (let round = 0; round <= rounds; round++) {
      const a = await oneFrame(bareCrowd, async () => bareServer.publish(), 0);
      const b = await oneFrame(crowd, () => stage.writer.pace(1_000, 1), clockOffsetMs);
      // The first warms up.
      if (round > 0) {
        bare.push(a);
        ours.push(b);
      }
    }
    say(`milliseconds to the last of ${sockets}, ${rounds} frames each`);
    table([
      ['', 'median'],
      ['bare ws', tell(estimate(bare), 1)],
      ['ours', tell(estimate(ours), 1)],
    ]);
    const times = estimate(ours.map((ms, round) => ms / (bare[round] ?? Number.NaN)));
    sayGoal('time to the last against bare ws', tell(times), 'at most 1.1', times.median <= 1.1);
  } finally {
    for (const each of crowds) each.close();
    await stage.close();
  }
}

async function oneFrame(crowd: Crowd, cause: () => Promise<unknown>, clockOffsetMs: number): Promise<number> {
  const before = crowd.delivered;
  let madeAt = 0;
  let lastAt = 0;
  crowd.take = (payload) => {
    if (madeAt === 0) {
      const { payload: answer } = JSON.parse(payload.toString()) as {
        payload: { data: { totalsChanged: { asOf: string; kind: string } } };
      };
      // A heartbeat may come between; it is not what was waited for.
      if (answer.data.totalsChanged.kind === 'UPDATE')
        madeAt = Date.parse(answer.data.totalsChanged.asOf) + clockOffsetMs;
    }
    lastAt = Date.now();
  };
  await cause();
  await crowd.until('the last', () => madeAt > 0 && crowd.delivered - before >= crowd.size);
  await crowd.quiet(PAUSE_MS);
  crowd.take = null;
  return lastAt - madeAt;
}
