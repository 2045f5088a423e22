import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Crowd } from '../crowd.ts';
import type { Server } from '../servers.ts';
import type { Stage } from '../stage.ts';
import { OURS, startFollowing } from './followers.ts';

export interface SampleFrame {
  /** Holds the frame as JSON, for peers to serve. */
  readonly file: string;
  readonly bytes: number;
  readonly frame: Readonly<Record<string, unknown>>;
}

/** Takes one UPDATE off the product, as our own client gets it, after a few movements so that it is as full as usual. */
export async function sampleFrame(stage: Stage, product: Server): Promise<SampleFrame> {
  const crowd = new Crowd();
  await crowd.connect(product.port, 1);
  let newest = Buffer.alloc(0);
  crowd.take = (payload) => {
    newest = Buffer.from(payload);
  };
  await startFollowing(crowd, OURS, true);
  await stage.writer.pace(20, 40);
  await crowd.quiet();
  crowd.close();
  const { payload } = JSON.parse(newest.toString()) as {
    payload: { data: { totalsChanged: Record<string, unknown> } };
  };
  const frame = payload.data.totalsChanged;
  if (frame.kind !== 'UPDATE') throw new Error(`expected an UPDATE, got ${frame.kind}`);
  const file = path.join(stage.dataDir, 'bench-frame.json');
  writeFileSync(file, JSON.stringify(frame));
  return { file, bytes: newest.length, frame };
}
