/**
 * Server CPU per delivered city frame, side by side. All servers run at once, each with its sockets, and work one after
 * another in rounds: whatever the machine does meanwhile, it does to all.
 *
 * Ours is the real product; its frames are caused by enrollments that another process commits, so no intake runs in
 * it. What remains beside fan-out (rings, reading entries, sums) is measured in each round by the same enrollments with
 * the same sockets and nobody subscribed, and subtracted; both figures are told. Peers have nothing to subtract. Each
 * gets its next frame after 100 ms, or, where it is not through by then, as soon as the last socket has the one before:
 * no peer pays for a queue.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Crowd } from '../crowd.ts';
import { type Estimate, estimate, median, tell } from '../figures.ts';
import { requireOpenFiles } from '../machine.ts';
import { installPeers, PEERS, type Peer, startPeer, versionOf } from '../peers.ts';
import { markInvalid, progress, say, sayGoal, table } from '../say.ts';
import type { Server } from '../servers.ts';
import { openStage, type Stage } from '../stage.ts';
import { FOREIGN, type Following, OURS, PEER, startFollowing, stopFollowing } from './followers.ts';
import { sampleFrame } from './frame-file.ts';
import { readOptions } from './options.ts';

const FRAME_MS = 100;
const FRAMES_OF_FAST = 15;
/** A peer needs a third of a second for a frame at 2,000 sockets. */
const FRAMES_OF_SLOW = 4;

/** How often, and for how long each time, a frame is sent to see whether all follow. */
const ATTEMPTS = 10;
const ATTEMPT_MS = 3_000;

/** Microseconds per delivered frame. */
interface Cost {
  readonly user: number;
  readonly total: number;
}
interface Contender {
  readonly name: string;
  readonly server: Server;
  readonly crowd: Crowd;
  measure(): Promise<Cost>;
}

export async function cpu(args: readonly string[]): Promise<void> {
  const { rounds, sockets } = readOptions(args, { rounds: 11, sockets: 2_000 });
  requireOpenFiles(6 * sockets + 500);
  installPeers();
  const stage = await openStage();
  const crowds: Crowd[] = [];
  try {
    const product = await stage.startProduct();
    const sample = await sampleFrame(stage, product);
    say(`city frame of ${sample.bytes} bytes, ${sockets} sockets, ${rounds} rounds`);
    say(
      `against ${['ws', '@apollo/server', 'graphql-ws', 'graphql-yoga', 'mercurius', 'postgraphile'].map(versionOf).join(', ')}`,
    );

    const contenders: Contender[] = [];
    const open = async (server: Server) => {
      const crowd = new Crowd();
      crowds.push(crowd);
      await crowd.connect(server.port, sockets);
      return crowd;
    };
    for (const name of ['bare', ...PEERS] as const) {
      progress(`${name}: ${sockets} sockets`);
      const server = stage.adopt(await startPeer(name, sample.file));
      contenders.push(peerContender(name, server, await open(server), sample.bytes));
    }
    progress(`ours: ${sockets} sockets`);
    const crowd = await open(product);
    /** Frames a socket got in each window of ours. */
    const rates: number[] = [];
    const costs = new Map<string, Cost[]>();
    const note = (name: string, cost: Cost) => costs.set(name, [...(costs.get(name) ?? []), cost]);
    for (let round = 0; round <= rounds; round++) {
      // The first warms up and counts for nothing.
      const keep = round === 0 ? () => undefined : note;
      progress(round === 0 ? 'warming up' : `round ${round} of ${rounds}`);
      const turn = round % (contenders.length + 1);
      const order: (Contender | null)[] = [...contenders, null];
      for (const contender of [...order.slice(turn), ...order.slice(0, turn)]) {
        if (contender) keep(contender.name, await contender.measure());
        else for (const [name, cost] of await measureOurs(stage, product, crowd, rates)) keep(name, cost);
      }
    }
    tellCosts(costs);
    const framesOfOurs = median(rates);
    if (framesOfOurs < 0.8 * FRAMES_OF_FAST)
      markInvalid(
        `ours sent ${framesOfOurs.toFixed(1)} frames a window instead of ${FRAMES_OF_FAST}: too busy a machine`,
      );
  } finally {
    for (const each of crowds) each.close();
    await stage.close();
  }
}

function peerContender(name: Peer | 'bare', server: Server, crowd: Crowd, bytes: number): Contender {
  const isBare = name === 'bare';
  return {
    name,
    server,
    crowd,
    async measure() {
      if (!isBare) await startFollowing(crowd, PEER, false);
      await everyoneFollows(name, server, crowd, bytes);
      const frames = isBare ? FRAMES_OF_FAST : FRAMES_OF_SLOW;
      const before = await server.cpu();
      const deliveredBefore = crowd.delivered;
      for (let frame = 1; frame <= frames; frame++) {
        const startedAt = performance.now();
        server.publish();
        await crowd.until('a frame', () => crowd.delivered >= deliveredBefore + frame * crowd.size);
        await wait(Math.max(0, FRAME_MS - (performance.now() - startedAt)));
      }
      const after = await server.cpu();
      const delivered = crowd.delivered - deliveredBefore;
      if (delivered !== frames * crowd.size)
        throw new Error(`${name}: ${delivered} frames for ${frames * crowd.size}`);
      if (!isBare) await stopFollowing(crowd, PEER);
      return perFrame(before, after, delivered);
    },
  };
}

/** A peer sends no snapshot: a frame that reaches every socket shows that all follow, and that it is the same frame. */
async function everyoneFollows(name: string, server: Server, crowd: Crowd, bytes: number): Promise<void> {
  const reached: number[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = crowd.delivered;
    const giveUpAt = performance.now() + ATTEMPT_MS;
    let length = 0;
    crowd.take = (payload) => {
      length = payload.length;
    };
    server.publish();
    await crowd.until(
      'a frame for all',
      () => crowd.delivered - before >= crowd.size || performance.now() > giveUpAt,
    );
    await crowd.quiet();
    crowd.take = null;
    reached.push(crowd.delivered - before);
    if (length > 0 && Math.abs(length - bytes) > 0.02 * bytes)
      throw new Error(`${name} sends ${length} bytes where we send ${bytes}: not the same work`);
    if (crowd.delivered - before === crowd.size) return;
  }
  throw new Error(`${name}: frames for ${crowd.size} sockets reached ${reached.join(', ')}`);
}

/** One after another on the same sockets: nobody subscribed, then our own client's ids, then foreign ones. */
async function measureOurs(
  stage: Stage,
  product: Server,
  crowd: Crowd,
  rates: number[],
): Promise<[string, Cost][]> {
  const nobody = await enrollAndCount(stage, product, crowd);
  if (nobody.delivered > 0) throw new Error(`ours: ${nobody.delivered} frames for nobody`);
  const costs: [string, Cost][] = [];
  const measure = async (name: string, following: Following) => {
    await startFollowing(crowd, following, true);
    const { before, after, delivered } = await enrollAndCount(stage, product, crowd);
    await stopFollowing(crowd, following);
    const frames = delivered / crowd.size;
    rates.push(frames);
    const gross = perFrame(before, after, delivered);
    const idle = perFrame(nobody.before, nobody.after, delivered);
    costs.push(
      [`${name}, all`, gross],
      [name, { user: gross.user - idle.user, total: gross.total - idle.total }],
    );
  };
  await measure('ours, own ids', OURS);
  await measure('ours, foreign ids', FOREIGN);
  return costs;
}

async function enrollAndCount(stage: Stage, product: Server, crowd: Crowd) {
  const deliveredBefore = crowd.delivered;
  const before = await product.cpu();
  // Twice as many as frames, so that every beat has something to tell.
  const { refused } = await stage.writer.pace((2 * 1_000) / FRAME_MS, 2 * FRAMES_OF_FAST);
  await wait(2 * FRAME_MS);
  await crowd.quiet();
  const after = await product.cpu();
  if (refused > 0) throw new Error(`${refused} enrollments were refused`);
  return { before, after, delivered: crowd.delivered - deliveredBefore };
}

function perFrame(
  before: { user: number; system: number },
  after: { user: number; system: number },
  delivered: number,
): Cost {
  const user = (after.user - before.user) / delivered;
  return { user, total: user + (after.system - before.system) / delivered };
}

function tellCosts(costs: ReadonlyMap<string, readonly Cost[]>): void {
  const of = (name: string) => costs.get(name) ?? [];
  const bare = of('bare');
  const ratio = (a: readonly Cost[], b: readonly Cost[], figure: keyof Cost = 'total'): Estimate =>
    estimate(a.map((cost, round) => cost[figure] / (b[round]?.[figure] ?? Number.NaN)));

  say();
  say('microseconds of server CPU per delivered frame: median (95 % interval of the median; all rounds)');
  table([
    ['', 'user + system', 'user', 'times bare ws'],
    ...[...costs].map(([name, all]) => [
      name,
      tell(estimate(all.map(({ total }) => total))),
      tell(estimate(all.map(({ user }) => user))),
      tell(ratio(all, bare)),
    ]),
  ]);
  say('"all": with what the feed costs for nobody; without it, that is subtracted round by round');
  say();
  const own = of('ours, own ids');
  const ownRatio = ratio(own, bare);
  sayGoal(
    'own ids against bare ws',
    tell(ownRatio),
    '1.0, upper end at most 1.1',
    ownRatio.median <= 1.0 && ownRatio.high <= 1.1,
  );
  const foreign = ratio(of('ours, foreign ids'), bare);
  sayGoal('foreign ids against bare ws', tell(foreign), 'at most 1.15', foreign.median <= 1.15);
  for (const peer of PEERS) {
    const times = ratio(of(peer), own);
    sayGoal(`${peer} against own ids`, tell(times, 1), 'at least 10', times.median >= 10);
  }
  const user = ratio(of('apollo'), own, 'user');
  sayGoal('apollo against own ids, user CPU', tell(user, 1), 'at least 25', user.median >= 25);
}
