/**
 * Memory of an idle follower: the same process before and after 5,000 came, each with one frame received, garbage
 * collected on both sides. Every round starts fresh processes. A hundred that came and went before are the warm-up.
 */
import { Crowd } from '../crowd.ts';
import { estimate, tell } from '../figures.ts';
import { requireOpenFiles } from '../machine.ts';
import { installPeers, startPeer } from '../peers.ts';
import { progress, say, sayGoal, table } from '../say.ts';
import type { Server } from '../servers.ts';
import { openStage } from '../stage.ts';
import { OURS, startFollowing } from './followers.ts';
import { sampleFrame } from './frame-file.ts';
import { readOptions } from './options.ts';

const WARM_UP = 100;

/** Bytes per follower. */
interface Share {
  readonly resident: number;
  readonly heap: number;
}

export async function memory(args: readonly string[]): Promise<void> {
  const { rounds, sockets } = readOptions(args, { rounds: 5, sockets: 5_000 });
  requireOpenFiles(sockets + 500);
  installPeers();
  const stage = await openStage();
  try {
    const first = await stage.startProduct();
    const { file } = await sampleFrame(stage, first);
    await first.stop();
    const bare: Share[] = [];
    const ours: Share[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`round ${round} of ${rounds}`);
      bare.push(await measure(await startPeer('bare', file), sockets, false));
      ours.push(await measure(await stage.startProduct(), sockets, true));
    }
    say(`bytes per idle follower at ${sockets}, ${rounds} rounds of fresh processes`);
    const column = (all: readonly Share[], figure: keyof Share) =>
      tell(estimate(all.map((each) => each[figure])), 0);
    table([
      ['', 'heap and external', 'resident'],
      ['bare ws', column(bare, 'heap'), column(bare, 'resident')],
      ['ours', column(ours, 'heap'), column(ours, 'resident')],
    ]);
    for (const figure of ['heap', 'resident'] as const) {
      const times = estimate(
        ours.map((share, round) => share[figure] / (bare[round]?.[figure] ?? Number.NaN)),
      );
      sayGoal(
        `memory per follower against a bare socket, ${figure}`,
        tell(times),
        'at most 1.5',
        times.median <= 1.5,
      );
    }
  } finally {
    await stage.close();
  }
}

async function measure(server: Server, sockets: number, isOurs: boolean): Promise<Share> {
  try {
    const warmUp = await follow(server, WARM_UP, isOurs);
    warmUp.close();
    const before = await server.memory();
    const crowd = await follow(server, sockets, isOurs);
    const after = await server.memory();
    crowd.close();
    return {
      resident: (after.rss - before.rss) / sockets,
      heap: (after.heapUsed + after.external - before.heapUsed - before.external) / sockets,
    };
  } finally {
    await server.stop();
  }
}

async function follow(server: Server, sockets: number, isOurs: boolean): Promise<Crowd> {
  const crowd = new Crowd();
  await crowd.connect(server.port, sockets);
  if (isOurs) await startFollowing(crowd, OURS, true);
  else {
    server.publish();
    await crowd.until('a frame for each', () => crowd.delivered === sockets);
  }
  return crowd;
}
