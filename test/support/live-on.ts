import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createLog } from '#server/base/log.ts';
import { chooseLeaders } from '#server/domain/metrics/ranking.ts';
import { PROGRAM_ID } from '#server/domain/program/found-program.ts';
import { renewEpoch } from '#server/domain/program/renew-epoch.ts';
import { type Live, type LiveOptions, openLive } from '#server/live/live.ts';
import type { Doorbell } from '#server/store/doorbell.ts';
import type { SmallProgram } from './small-program.ts';

export interface LiveOn extends Live {
  /** What it wrote to its log, as objects. */
  readonly logged: readonly Record<string, unknown>[];
}

/**
 * The live path on a small program, by its clock. What is not said is the program's own; a folder of its own is gone
 * once it is closed.
 */
export async function openLiveOn(program: SmallProgram, changes: Partial<LiveOptions> = {}): Promise<LiveOn> {
  const logged: Record<string, unknown>[] = [];
  const dataDir = changes.dataDir ?? mkdtempSync(path.join(os.tmpdir(), 'kepling-live-'));
  const live = await openLive({
    pool: program.store.pool('reader'),
    lookPool: changes.pool ?? program.store.pool('reader', 'look'),
    doorbell: program.store.doorbell,
    clock: program.clock,
    log: createLog({ stream: { write: (line) => logged.push(JSON.parse(line) as Record<string, unknown>) } }),
    programCode: 'medan',
    chooseLeaders,
    renewEpoch: (epoch) => renewEpoch(program.store.prisma, PROGRAM_ID, epoch),
    ...changes,
    dataDir,
  });
  const close = async () => {
    await live.close();
    if (!changes.dataDir) rmSync(dataDir, { recursive: true, force: true });
  };
  // On top of it and no copy: what Live gives by its getters is to be asked each time.
  return Object.create(live, { logged: { value: logged }, close: { value: close } }) as LiveOn;
}

/** A doorbell that rings when the test says so, and never by itself. */
export function mutedDoorbell(): Doorbell & { push(): void } {
  const listeners = new Set<() => void>();
  return {
    ring() {},
    onRing(fn) {
      listeners.add(fn);
      return () => void listeners.delete(fn);
    },
    push() {
      for (const listener of listeners) listener();
    },
    async close() {},
  };
}
