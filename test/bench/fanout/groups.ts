/**
 * 200 groups of 10 against one group of 2,000, on the same sockets and the same frame; how often a frame is executed;
 * and how many queries a subscription costs. The product is counted by the probe in front of it.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Crowd } from '../crowd.ts';
import { estimate, tell } from '../figures.ts';
import { requireOpenFiles } from '../machine.ts';
import { progress, say, sayGoal, table } from '../say.ts';
import type { Server } from '../servers.ts';
import { openStage, type Stage } from '../stage.ts';
import { inGroups, OURS, startFollowing, stopFollowing } from './followers.ts';
import { readOptions } from './options.ts';

const FRAMES = 15;
const PER_SECOND = 10;
const PER_GROUP = 10;
const COUNTED_MS = 10_000;

interface Window {
  readonly cpu: number;
  readonly delivered: number;
  readonly executions: number;
}

export async function groups(args: readonly string[]): Promise<void> {
  const { rounds, sockets } = readOptions(args, { rounds: 11, sockets: 2_000 });
  requireOpenFiles(sockets + 500);
  const many = Math.max(1, Math.floor(sockets / PER_GROUP));
  const stage = await openStage();
  const crowd = new Crowd();
  try {
    const product = await stage.startProduct({ isCounting: true });
    await crowd.connect(product.port, sockets);
    await sayQueries(product, crowd);

    const costs = new Map<number, number[]>([
      [1, []],
      [many, []],
    ]);
    const executed = new Map<number, number[]>([
      [1, []],
      [many, []],
    ]);
    for (let round = 0; round <= rounds; round++) {
      progress(round === 0 ? 'warming up' : `round ${round} of ${rounds}`);
      const nobody = await enrollAndCount(stage, product, crowd);
      for (const count of round % 2 === 0 ? [1, many] : [many, 1]) {
        await startFollowing(crowd, inGroups(count, crowd.size), true);
        const window = await enrollAndCount(stage, product, crowd);
        await stopFollowing(crowd, inGroups(count, crowd.size));
        if (round === 0) continue;
        costs.get(count)?.push((window.cpu - nobody.cpu) / window.delivered);
        executed.get(count)?.push(window.executions / (window.delivered / crowd.size));
      }
    }
    say(`${sockets} sockets, ${rounds} rounds: server CPU per delivered frame, and executions per frame`);
    table([
      ['', 'microseconds', 'executions per frame'],
      ...[1, many].map((count) => [
        count === 1 ? `one group of ${sockets}` : `${many} groups of ${PER_GROUP}`,
        tell(estimate(costs.get(count) ?? [])),
        tell(estimate(executed.get(count) ?? [])),
      ]),
    ]);
    const one = costs.get(1) ?? [];
    const times = estimate((costs.get(many) ?? []).map((cost, round) => cost / (one[round] ?? Number.NaN)));
    sayGoal(`${many} groups against one`, tell(times), 'at most 2.2', times.median <= 2.2);
    for (const count of [1, many]) {
      const all = executed.get(count) ?? [];
      sayGoal(
        `executions per frame, ${count} group(s)`,
        tell(estimate(all)),
        `exactly ${count}`,
        all.every((each) => each === count),
      );
    }
  } finally {
    crowd.close();
    await stage.close();
  }
}

async function enrollAndCount(stage: Stage, product: Server, crowd: Crowd): Promise<Window> {
  const deliveredBefore = crowd.delivered;
  const [countsBefore, before] = [await product.counts(), await product.cpu()];
  const { refused } = await stage.writer.pace(2 * PER_SECOND, 2 * FRAMES);
  await wait(200);
  await crowd.quiet();
  const [after, counts] = [await product.cpu(), await product.counts()];
  if (refused > 0) throw new Error(`${refused} enrollments were refused`);
  return {
    cpu: after.user + after.system - before.user - before.system,
    delivered: crowd.delivered - deliveredBefore,
    executions: counts.executions - countsBefore.executions,
  };
}

/** The same ten seconds twice: with nobody, and with everyone subscribing and leaving. */
async function sayQueries(product: Server, crowd: Crowd): Promise<void> {
  const count = async (work: () => Promise<void>) => {
    const before = await product.counts();
    const endAt = performance.now() + COUNTED_MS;
    await work();
    await wait(endAt - performance.now());
    const after = await product.counts();
    const statements = Object.entries(after.statements)
      .map(([text, times]) => [text, times - (before.statements[text] ?? 0)] as const)
      .filter(([, times]) => times > 0);
    return { queries: after.queries - before.queries, statements };
  };
  progress('counting queries');
  const nobody = await count(async () => undefined);
  const everyone = await count(async () => {
    await startFollowing(crowd, OURS, true);
    await stopFollowing(crowd, OURS);
  });
  const known = new Set(nobody.statements.map(([text]) => text));
  const others = everyone.statements.filter(([text]) => !known.has(text));
  say(
    `queries in ${COUNTED_MS / 1_000} s: ${nobody.queries} with nobody, ${everyone.queries} while ${crowd.size} subscribed`,
  );
  for (const [text, times] of others) say(`  only while they subscribed: ${times} x ${text}`);
  const each = (everyone.queries - nobody.queries) / crowd.size;
  // The process looks by itself, a look more or less in ten seconds.
  sayGoal('queries per subscription', each.toFixed(3), '0', others.length === 0 && Math.abs(each) < 0.01);
}
