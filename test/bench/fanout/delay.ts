/**
 * From the commit to the sockets. A commit's time is the ledger's own, taken under the lock before the rows were
 * written and flushed: what is told here is longer than the delay after the commit, never shorter.
 *
 * Idle: one enrollment at a time over HTTP, four a second, one socket on the server that takes it in and one on a second instance,
 * which hears of it through the database. Under way: 50 a second at random moments, so that every beat has a frame; and
 * nine a second evenly, each after the last frame's beat is over, so that none waits for one. Before anything is
 * counted enrollments and frames come for `WARM_UP_SECONDS`: server, database and clients compile and plan what they run
 * often, and a ceremony's board has long done so; the very first one after a start is told by itself. The second instance
 * has ended when the crowd comes, for it has a share in the server's core.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Crowd } from '../crowd.ts';
import { quantile, spread } from '../figures.ts';
import { startLoad } from '../load.ts';
import { requireOpenFiles } from '../machine.ts';
import { progress, say, sayGoal } from '../say.ts';
import { readKey, type Server } from '../servers.ts';
import { openStage, type Stage } from '../stage.ts';
import { Arrivals } from './arrivals.ts';
import { OURS, startFollowing } from './followers.ts';
import { readOptions } from './options.ts';

/** A connection on which nothing is asked for long is closed by the server: no more than come to their turn. */
const connectionsFor = (rate: number) => (rate < 10 ? 1 : 8);
const BUSY_RATE = 50;
/** Frames are 100 ms apart at least. */
const UNHURRIED_RATE = 9;
/** Nothing within the beat before: what waits for one is measured apart. */
const IDLE_RATE = 4;
const SECONDS_PER_ROUND = 2;
const WARM_UP_SECONDS = 5;

export async function delay(args: readonly string[]): Promise<void> {
  const { rounds, sockets } = readOptions(args, { rounds: 20, sockets: 2_000 });
  requireOpenFiles(sockets + 500);
  const seconds = rounds * SECONDS_PER_ROUND;
  const stage = await openStage();
  const load = await startLoad();
  const crowds = new Set<Crowd>();
  const follow = async (server: Server, count: number) => {
    const crowd = new Crowd();
    crowds.add(crowd);
    await crowd.connect(server.port, count);
    const arrivals = new Arrivals(crowd);
    await startFollowing(crowd, OURS, true);
    return { crowd, arrivals };
  };
  const leave = (crowd: Crowd) => {
    crowds.delete(crowd);
    crowd.close();
  };
  try {
    const product = await stage.startProduct();
    const second = await stage.startInstance();
    const key = readKey(stage.dataDir, 'bpjs');
    const enroll = async (rate: number, isRandom: boolean, arrivals: Arrivals, forSeconds = seconds) => {
      const above = arrivals.newest;
      const order = {
        port: product.port,
        key,
        connections: connectionsFor(rate),
        seconds: forSeconds,
        rate,
        isRandom,
      };
      await load.send(order);
      await wait(1_000);
      return above;
    };

    progress(
      `idle: ${WARM_UP_SECONDS} s uncounted, ${IDLE_RATE} a second for ${seconds} s, a socket on each of two instances`,
    );
    const near = await follow(product, 1);
    const far = await follow(second, 1);
    const coldAbove = await enroll(IDLE_RATE, false, near.arrivals, WARM_UP_SECONDS);
    const [cold = Number.NaN] = await delaysOf(stage, coldAbove, (revision) =>
      near.arrivals.firstAt(revision),
    );
    const idleAbove = await enroll(IDLE_RATE, false, near.arrivals);
    const idle = await delaysOf(stage, idleAbove, (revision) => near.arrivals.firstAt(revision));
    const elsewhere = await delaysOf(stage, idleAbove, (revision) => far.arrivals.firstAt(revision));
    leave(near.crowd);
    leave(far.crowd);
    await second.stop();

    progress(
      `${sockets} sockets, ${WARM_UP_SECONDS} s uncounted, ${UNHURRIED_RATE} a second for ${seconds} s, then ${BUSY_RATE}`,
    );
    const { arrivals: all } = await follow(product, sockets);
    await enroll(UNHURRIED_RATE, false, all, WARM_UP_SECONDS);
    const unhurriedAbove = await enroll(UNHURRIED_RATE, false, all);
    const unhurried = await delaysOf(stage, unhurriedAbove, (revision) => all.lastAt(revision));
    const busyAbove = await enroll(BUSY_RATE, true, all);
    const busy = await delaysOf(stage, busyAbove, (revision) => all.lastAt(revision));

    say(`the first enrollment after a start, to the first socket: ${cold.toFixed(1)} ms`);
    tellDelay('idle, to the first socket', idle, 20);
    tellDelay('idle, to the first socket of a second instance', elsewhere, 50);
    tellDelay(`to the last of ${sockets}, ten frames a second`, busy, 200);
    tellDelay(`to the last of ${sockets}, without the wait for the beat`, unhurried, 50);
  } finally {
    for (const each of crowds) each.close();
    load.stop();
    await stage.close();
  }
}

/** Throws where a revision reached nobody: a delay without an end. */
async function delaysOf(
  stage: Stage,
  above: number,
  at: (revision: number) => number | undefined,
): Promise<readonly number[]> {
  const posted = await stage.writer.posted(above);
  if (posted.length === 0) throw new Error('nothing was posted');
  return posted.map(([revision, postedMs]) => {
    const arrived = at(revision);
    if (arrived === undefined) throw new Error(`revision ${revision} did not reach every socket`);
    return arrived - postedMs;
  });
}

function tellDelay(what: string, delays: readonly number[], goalMs: number): void {
  say(`${what}: ${spread(delays)}`);
  const p99 = quantile(delays, 0.99);
  sayGoal(`${what}, p99`, `${p99.toFixed(1)} ms`, `at most ${goalMs} ms`, p99 <= goalMs);
}
