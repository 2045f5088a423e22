import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { totalsAt } from '#server/domain/metrics/totals-at.ts';
import { checkSums } from '#server/live/check-sums.ts';
import type { Frame } from '#server/live/frame.ts';
import { openLiveOn } from '#test/support/live-on.ts';
import { recountEveryRevision } from '#test/support/recount.ts';
import { CITY, openSmallProgram, type SmallProgram } from '#test/support/small-program.ts';
import { until } from '#test/support/wait.ts';
import { writeAtRandom } from '#test/support/write-at-random.ts';

/** A slow machine takes long over it; a quick one some seconds. */
const LONG_MS = 90_000;

const STEPS = 50;

/** Four writers in a process of their own: ready when it resolves, off when told, then their count of accepted. */
async function secondProcess(program: SmallProgram, seed: number) {
  const order = JSON.stringify({ address: program.database.address, seed, steps: STEPS });
  const file = path.resolve(import.meta.dirname, '../support/writer-program.ts');
  const child = spawn(process.execPath, ['--import', 'tsx/esm', file, order], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, 'exit');
  expect((await lines.next()).value).toBe('ready');
  return async () => {
    child.stdin.write('go\n');
    const { value } = await lines.next();
    expect((await ended)[0]).toBe(0);
    return (JSON.parse(value as string) as { accepted: number }).accepted;
  };
}

describe('eight writers in two processes', () => {
  it('[LED-21] leave totals that agree at every level at every revision, and every frame shown meanwhile is true', {
    timeout: LONG_MS,
  }, async () => {
    const program = await openSmallProgram();
    const elsewhere = await secondProcess(program, 900);
    const live = await openLiveOn(program);
    const frames: Frame[] = [];
    const follower = live.hub.follow({ areaCode: CITY, parts: 'NEIGHBORHOOD' }, 'public');
    const following = (async () => {
      for await (const frame of follower ?? []) frames.push(frame);
    })();
    const beating = setInterval(() => program.clock.advance(50), 5);
    onTestFinished(() => clearInterval(beating));

    const accepted = await Promise.all([
      elsewhere(),
      ...[1, 2, 3, 4].map((seed) => writeAtRandom(program.intake, seed, STEPS)),
    ]);
    const { rows } = await program.admin.query<{ revision: number }>('SELECT revision FROM ledger_heads');
    const newest = rows[0]?.revision ?? 0;
    await until('memory to have every revision', () => live.revision === newest);
    await until('the newest frame', () => frames.at(-1)?.revision === newest);
    await follower?.return?.();
    await following;

    expect(await recountEveryRevision(program)).toEqual([]);
    expect(await checkSums(program.store.pool('reader'), 1, null)).toEqual([]);
    expect(await live.check()).toEqual([]);
    const entries = await program.admin.query(`SELECT 1 FROM entries WHERE kind <> 'TARGET'`);
    expect(entries.rowCount).toBe(accepted.reduce((sum, count) => sum + count, 0));
    const twice = await program.admin.query(
      `SELECT participant_id FROM enrollments WHERE status <> 'WITHDRAWN' GROUP BY 1 HAVING count(*) > 1`,
    );
    expect(twice.rows).toEqual([]);

    expect(frames.length).toBeGreaterThan(5);
    const untrue: unknown[] = [];
    for (const [index, frame] of frames.entries()) {
      if (frame.revision < (frames[index - 1]?.revision ?? 0)) untrue.push(`${frame.revision} goes back`);
      for (const part of [frame.whole, ...frame.parts]) {
        const area = program.intake.areas.byId(part.areaId);
        const ids = area ? program.intake.areas.neighborhoodIds(area) : [];
        const books = await totalsAt(program.store.pool('reader'), 1, ids, frame.revision);
        if (books?.figures.enrolled !== part.figures.enrolled || books.even !== part.even) untrue.push(part);
      }
    }
    expect(untrue).toEqual([]);
    await live.close();
    await program.close();
  });
});
