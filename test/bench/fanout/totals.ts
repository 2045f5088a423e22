/**
 * `GET /totals.json` against Apollo executing a query for the same figures, on the same server, in turns: requests a
 * second over kept connections, and what each costs the server's core.
 */
import net from 'node:net';
import { estimate, tell } from '../figures.ts';
import { progress, say, sayGoal, table } from '../say.ts';
import type { Server } from '../servers.ts';
import { openStage } from '../stage.ts';
import { readOptions } from './options.ts';

const CONNECTIONS = 160;
const WINDOW_MS = 1_500;

const STANDING = `code name shortName totals {
  revision asOf enrolled pending target gap achievement evenAchievement neighborhoods completeNeighborhoods
  monthsPaid { none one more } persistency { tooNew stopped paying inArrears lapsed resumed } }`;
const BODY = JSON.stringify({ query: `{ program { city { ${STANDING} children { ${STANDING} } } } }` });

/** Requests as they go over the line. Every connection has an address of its own, so that limits stay on. */
const ROADS = {
  '/totals.json': 'GET /totals.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
  'Apollo, the same figures': `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
} as const;
type Road = keyof typeof ROADS;
const NAMES = Object.keys(ROADS) as Road[];

interface Window {
  readonly perSecond: number;
  /** Microseconds of the server's core. */
  readonly each: number;
}

export async function totals(args: readonly string[]): Promise<void> {
  const { rounds, sockets } = readOptions(args, { rounds: 11, sockets: CONNECTIONS });
  const stage = await openStage();
  try {
    const product = await stage.startProduct();
    const windows = new Map<Road, Window[]>(NAMES.map((name) => [name, []]));
    for (let round = 0; round <= rounds; round++) {
      progress(round === 0 ? 'warming up' : `round ${round} of ${rounds}`);
      for (const name of round % 2 === 0 ? NAMES : [...NAMES].reverse()) {
        const window = await fetchAll(product, ROADS[name], sockets);
        if (round > 0) windows.get(name)?.push(window);
      }
    }
    const of = (name: Road) => windows.get(name) ?? [];
    say(`${sockets} connections, ${rounds} rounds`);
    table([
      ['', 'requests a second', 'server CPU us each'],
      ...NAMES.map((name) => [
        name,
        tell(estimate(of(name).map(({ perSecond }) => perSecond)), 0),
        tell(estimate(of(name).map(({ each }) => each)), 0),
      ]),
    ]);
    const [ours, apollo] = NAMES.map(of) as [Window[], Window[]];
    const times = estimate(apollo.map(({ each }, round) => each / (ours[round]?.each ?? Number.NaN)));
    sayGoal('server CPU of Apollo against /totals.json', tell(times), 'at least 4', times.median >= 4);
  } finally {
    await stage.close();
  }
}

/** Each connection asks again as soon as it was answered, until the window is over. */
async function fetchAll(server: Server, request: string, connections: number): Promise<Window> {
  const before = await server.cpu();
  const startedAt = performance.now();
  const counts = await Promise.all(
    Array.from({ length: connections }, (_, index) =>
      fetchOn(server.port, `127.0.210.${index + 1}`, request, startedAt + WINDOW_MS),
    ),
  );
  const ms = performance.now() - startedAt;
  const after = await server.cpu();
  const answers = counts.reduce((sum, count) => sum + count, 0);
  const cpu = after.user + after.system - before.user - before.system;
  return { perSecond: answers / (ms / 1_000), each: cpu / answers };
}

function fetchOn(port: number, localAddress: string, request: string, endAt: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port, localAddress, noDelay: true });
    let rest = '';
    let answers = 0;
    socket.setEncoding('latin1');
    socket.on('error', reject);
    socket.on('connect', () => socket.write(request));
    socket.on('data', (text) => {
      rest += text;
      const bodyAt = rest.indexOf('\r\n\r\n') + 4;
      if (bodyAt < 4) return;
      if (rest.length < bodyAt + Number(/content-length: (\d+)/i.exec(rest)?.[1])) return;
      if (!rest.startsWith('HTTP/1.1 200') || rest.includes('"errors"')) {
        socket.destroy();
        reject(new Error(rest.slice(0, 300)));
        return;
      }
      answers += 1;
      rest = '';
      if (performance.now() < endAt) socket.write(request);
      else {
        socket.destroy();
        resolve(answers);
      }
    });
  });
}
