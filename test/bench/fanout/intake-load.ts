/**
 * Does a crowd of followers slow intake down? 500 enrollments a second are offered over HTTP, and then as many as 64
 * connections get answered, with nobody following and with 2,000, in turns. Everybody who was acknowledged has to be in
 * the books at the end, and on the last frame.
 */
import { Crowd } from '../crowd.ts';
import { estimate, quantile, spread, tell } from '../figures.ts';
import { startLoad } from '../load.ts';
import { requireOpenFiles } from '../machine.ts';
import { progress, say, sayGoal } from '../say.ts';
import { readKey } from '../servers.ts';
import { openStage } from '../stage.ts';
import { OURS, startFollowing, stopFollowing } from './followers.ts';
import { readOptions } from './options.ts';

const OFFERED = 500;
const CONNECTIONS = 64;
const SECONDS = 4;

export async function intakeLoad(args: readonly string[]): Promise<void> {
  const { rounds, sockets } = readOptions(args, { rounds: 11, sockets: 2_000 });
  requireOpenFiles(sockets + 500);
  const stage = await openStage();
  const load = await startLoad();
  const crowd = new Crowd();
  try {
    const product = await stage.startProduct();
    const order = {
      port: product.port,
      key: readKey(stage.dataDir, 'bpjs'),
      connections: CONNECTIONS,
      seconds: SECONDS,
    };
    await crowd.connect(product.port, sockets);
    const enrolled = () => readEnrolled(product.port);
    const before = await enrolled();
    let accepted = 0;
    const delays = { nobody: [] as number[][], everyone: [] as number[][] };
    const rates = { nobody: [] as number[], everyone: [] as number[] };
    for (let round = 0; round <= rounds; round++) {
      progress(round === 0 ? 'warming up' : `round ${round} of ${rounds}`);
      for (const who of round % 2 === 0
        ? (['nobody', 'everyone'] as const)
        : (['everyone', 'nobody'] as const)) {
        if (who === 'everyone') await startFollowing(crowd, OURS, true);
        const offered = await load.send({ ...order, rate: OFFERED });
        const most = await load.send({ ...order, rate: null });
        accepted += offered.accepted + most.accepted;
        if (who === 'everyone') {
          const shown = await lastShown(crowd);
          if (shown !== before + accepted) throw new Error(`${before + accepted} enrolled, ${shown} shown`);
          await stopFollowing(crowd, OURS);
        }
        await crowd.quiet();
        if (round === 0) continue;
        delays[who].push([...offered.delays]);
        rates[who].push(most.accepted / (most.ms / 1_000));
      }
    }
    const lost = before + accepted - (await enrolled());
    say(`${OFFERED} offered a second, nobody follows: ${spread(delays.nobody.flat())}`);
    say(`${OFFERED} offered a second, ${sockets} follow: ${spread(delays.everyone.flat())}`);
    sayGoal('acknowledged and lost', `${lost} of ${accepted}`, '0', lost === 0);
    const p99 = (all: readonly number[]) => quantile(all, 0.99);
    const slower = estimate(delays.everyone.map((all, i) => p99(all) / p99(delays.nobody[i] ?? [])));
    sayGoal('p99 of the answer, against nobody following', tell(slower), 'at most 1.5', slower.median <= 1.5);
    say(
      `at saturation, a second: nobody follows ${tell(estimate(rates.nobody), 0)}; ${sockets} follow ${tell(estimate(rates.everyone), 0)}`,
    );
    const kept = estimate(rates.everyone.map((rate, i) => rate / (rates.nobody[i] ?? Number.NaN)));
    sayGoal('rate at saturation, against nobody following', tell(kept), 'at least 0.6', kept.median >= 0.6);
  } finally {
    crowd.close();
    load.stop();
    await stage.close();
  }
}

async function readEnrolled(port: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ program { city { totals { enrolled } } } }' }),
  });
  const { data } = (await response.json()) as {
    data: { program: { city: { totals: { enrolled: number } } } };
  };
  return data.program.city.totals.enrolled;
}

/** What the newest frame shows once nothing more comes. */
async function lastShown(crowd: Crowd): Promise<number> {
  let newest = Buffer.alloc(0);
  crowd.take = (payload) => {
    newest = Buffer.from(payload);
  };
  // A heartbeat after five quiet seconds tells the whole state too.
  await crowd.until('a last frame', () => newest.length > 0, 10_000);
  await crowd.quiet();
  crowd.take = null;
  const { payload } = JSON.parse(newest.toString()) as {
    payload: { data: { totalsChanged: { whole: { totals: { enrolled: number } } } } };
  };
  return payload.data.totalsChanged.whole.totals.enrolled;
}
