import { startLoad } from '../load.ts';
import { tellProfile } from '../profile.ts';
import { say } from '../say.ts';
import { readKey } from '../servers.ts';
import { openStage } from '../stage.ts';

/** A CPU profile of the product under nothing but enrollments. The profiler costs some of what it measures. */
export async function profileIntake(connections: number, seconds: number): Promise<void> {
  const stage = await openStage();
  const load = await startLoad();
  try {
    const product = await stage.startProduct();
    const key = readKey(stage.dataDir, 'bpjs');
    // What is compiled at the first requests is no part of an ordinary day.
    await load.send({ port: product.port, key, connections, seconds: seconds / 3, rate: null });
    await product.startProfile();
    const done = await load.send({ port: product.port, key, connections, seconds, rate: null });
    say(`${done.accepted} enrollments in ${(done.ms / 1_000).toFixed(1)} s, while profiled`);
    tellProfile(await product.stopProfile());
  } finally {
    load.stop();
    await stage.close();
  }
}
