import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startLoad } from '../load.ts';
import { profilingInto, tellProfile } from '../profile.ts';
import { say } from '../say.ts';
import { readKey } from '../servers.ts';
import { openStage } from '../stage.ts';

/** A CPU profile of the product under nothing but enrollments. The profiler costs some of what it measures. */
export async function profileIntake(connections: number, seconds: number): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kepling-profile-'));
  const stage = await openStage();
  const load = await startLoad();
  try {
    const product = await stage.startProduct({ nodeOptions: profilingInto(folder) });
    const key = readKey(stage.dataDir, 'bpjs');
    const done = await load.send({ port: product.port, key, connections, seconds, rate: null });
    say(`${done.accepted} enrollments in ${(done.ms / 1_000).toFixed(1)} s, while profiled`);
    await product.stop();
    tellProfile(folder);
  } finally {
    load.stop();
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
