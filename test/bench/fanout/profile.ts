/** A CPU profile of the product with a crowd following and another process writing. The profiler costs some itself. */
import { Crowd } from '../crowd.ts';
import { requireOpenFiles } from '../machine.ts';
import { tellProfile } from '../profile.ts';
import { say } from '../say.ts';
import { openStage } from '../stage.ts';
import { OURS, startFollowing } from './followers.ts';
import { readOptions } from './options.ts';

const FRAMES_A_ROUND = 10;

export async function profile(args: readonly string[]): Promise<void> {
  const { rounds, sockets } = readOptions(args, { rounds: 20, sockets: 2_000 });
  requireOpenFiles(sockets + 500);
  const stage = await openStage();
  const crowd = new Crowd();
  try {
    const product = await stage.startProduct();
    await crowd.connect(product.port, sockets);
    await startFollowing(crowd, OURS, true);
    const before = crowd.delivered;
    await product.startProfile();
    await stage.writer.pace(2 * FRAMES_A_ROUND, 2 * FRAMES_A_ROUND * rounds);
    await crowd.quiet();
    say(`${crowd.delivered - before} frames delivered to ${sockets} sockets, while profiled`);
    tellProfile(await product.stopProfile());
  } finally {
    crowd.close();
    await stage.close();
  }
}
