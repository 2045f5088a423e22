/**
 * A bad link, for tests: a TCP proxy of our own that stands between a client and a server and treats the bytes as a
 * venue's network would. It looks at bytes only and speaks no protocol (but for `refuseUpgrades`, which looks for the
 * word that asks for a socket), so anything over TCP goes through it: pages, sockets, a database.
 *
 * ```ts
 * const proxy = await startProxy({ to: port, seed });
 * await page.goto(`${proxy.url}/board`);
 * await proxy.cut();          // refused, and what stood is reset
 * await proxy.restore();      // as good as new, on the same port
 * ```
 *
 * The ways to be bad; each holds until `restore`:
 *
 * - `cut`: the port refuses, and every connection is reset: a cable pulled out at the switch's side.
 * - `blackHole`: connections are accepted, bytes vanish both ways, nothing is ever closed: a dead route, a full table
 *   in a firewall. A connection that was in the hole never works again, as if its packets had been given up.
 * - `hang`: what stands is reset; who comes is accepted and never answered: a proxy whose server hangs.
 * - `refuseUpgrades`: pages go through, sockets do not: what stands and is a socket is reset, and so is who asks for one.
 * - `worsen`: latency, jitter, bytes in slices, connections reset by chance: a crowded radio link.
 * - `restore`: nothing of all that.
 *
 * What is random comes from the seed and is the same for the same order of connections and bytes; a test prints its
 * seed. Bytes keep their order; nothing is lost in a connection that is not reset or in a hole.
 */
import net from 'node:net';
import { seededRandom } from './seed.ts';

export interface Weather {
  /** Each way, before the first byte and each one after. */
  readonly latencyMs?: number;
  /** Up to so much more, by chance. */
  readonly jitterMs?: number;
  /** Bytes arrive in pieces of at most so many. */
  readonly sliceBytes?: number;
  /** Chance, for each piece, that the connection is reset instead. */
  readonly resetChance?: number;
}

export interface LinkProxy {
  readonly port: number;
  readonly url: string;
  /** Connections that stand, also those in a hole. */
  readonly connections: number;
  cut(): Promise<void>;
  blackHole(): void;
  hang(): void;
  refuseUpgrades(): void;
  worsen(weather: Weather): void;
  restore(): Promise<void>;
  close(): Promise<void>;
}

type Mode = 'through' | 'hole' | 'hang' | 'no-upgrades';

interface Link {
  readonly near: net.Socket;
  far: net.Socket | null;
  isSocket: boolean;
  /** Once true, for ever: bytes were swallowed. */
  isInHole: boolean;
}

const host = '127.0.0.1';

/** Listens on `port` (0: a free one) and leads to `to`, a port or a Unix socket of this machine. The caller closes it. */
export async function startProxy(options: {
  to: number | string;
  seed: number;
  port?: number;
}): Promise<LinkProxy> {
  const random = seededRandom(options.seed);
  const links = new Set<Link>();
  let mode: Mode = 'through';
  let weather: Weather = {};
  let server = await listen(options.port ?? 0);
  const { port } = server.address() as net.AddressInfo;

  function listen(on: number): Promise<net.Server> {
    const made = net.createServer(accept);
    return new Promise((resolve, reject) => {
      made.once('error', reject);
      made.listen(on, host, () => resolve(made));
    });
  }

  function stopListening(): Promise<void> {
    return new Promise((resolve) => server.close(() => resolve()));
  }

  function accept(near: net.Socket): void {
    const link: Link = { near, far: null, isSocket: false, isInHole: mode === 'hole' || mode === 'hang' };
    links.add(link);
    near.on('error', () => undefined);
    near.on('close', () => {
      links.delete(link);
      link.far?.destroy();
    });
    near.setNoDelay(true);
    if (link.isInHole) return void near.resume();
    const { to } = options;
    const far = net.connect(typeof to === 'string' ? { path: to } : { host, port: to, noDelay: true });
    link.far = far;
    far.on('error', () => near.destroy());
    far.on('close', () => {
      // Who is in a hole does not learn that the other end has gone.
      if (!link.isInHole) near.destroySoon();
    });
    pass(link, near, far, (bytes) => {
      link.isSocket ||= asksForSocket(bytes);
      return link.isSocket && mode === 'no-upgrades';
    });
    pass(link, far, near, () => false);
  }

  /** Carries bytes one way, in order, each piece in its own time. `isRefused` sees them first. */
  function pass(link: Link, from: net.Socket, to: net.Socket, isRefused: (bytes: Buffer) => boolean): void {
    let turn = Promise.resolve();
    from.on('data', (bytes) => {
      if (link.isInHole) return;
      if (isRefused(bytes)) return reset(link);
      const { sliceBytes = bytes.length } = weather;
      for (let at = 0; at < bytes.length; at += sliceBytes) {
        const piece = bytes.subarray(at, at + sliceBytes);
        const waitMs = (weather.latencyMs ?? 0) + random() * (weather.jitterMs ?? 0);
        const isReset = random() < (weather.resetChance ?? 0);
        const dueAtMs = performance.now() + waitMs;
        turn = turn.then(async () => {
          const leftMs = dueAtMs - performance.now();
          if (leftMs > 1) await new Promise((resolve) => setTimeout(resolve, leftMs));
          if (link.isInHole || to.destroyed) return;
          if (isReset) return reset(link);
          if (to.write(piece) || from.isPaused()) return;
          from.pause();
          to.once('drain', () => from.resume());
        });
      }
    });
    from.on('end', () => {
      void turn.then(() => !link.isInHole && to.end());
    });
  }

  function reset(link: Link): void {
    link.near.resetAndDestroy();
    link.far?.destroy();
  }

  function swallow(link: Link): void {
    link.isInHole = true;
  }

  return {
    port,
    url: `http://${host}:${port}`,
    get connections() {
      return links.size;
    },
    async cut() {
      const closed = stopListening();
      for (const link of links) reset(link);
      await closed;
    },
    blackHole() {
      mode = 'hole';
      for (const link of links) swallow(link);
    },
    hang() {
      mode = 'hang';
      for (const link of links) reset(link);
    },
    refuseUpgrades() {
      mode = 'no-upgrades';
      for (const link of links) if (link.isSocket) reset(link);
    },
    worsen(next) {
      weather = next;
    },
    async restore() {
      mode = 'through';
      weather = {};
      if (!server.listening) server = await listen(port);
    },
    async close() {
      const closed = server.listening ? stopListening() : undefined;
      for (const link of links) reset(link);
      await closed;
    },
  };
}

function asksForSocket(bytes: Buffer): boolean {
  return /^GET [^\r\n]+\r\n(?:.+\r\n)*upgrade: *websocket/i.test(bytes.toString('latin1', 0, 4_096));
}
