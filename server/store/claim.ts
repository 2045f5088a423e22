/**
 * One server per DATA_DIR.
 *
 * Whoever holds the claim answers on a control socket in the run folder with `{ pid, port }`, so that a second start
 * can say at once who is there. A killed server leaves a socket that nobody answers on: it is taken over. Two starts
 * at the very same moment may both find it dead; the embedded database's advisory lock then decides.
 *
 * `server.json` beside the data tells where the control socket is; the start script reads it before anything is
 * installed. The socket answers to whoever may enter its folder of mode 0700, and takes no orders.
 */
import { rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { openDataDir } from './data-dir.ts';
import { isAlive } from './is-alive.ts';
import { runFolder } from './run-folder.ts';
import type { Store } from './store.ts';
import { StoreUnavailable } from './store-unavailable.ts';

export interface Claim {
  /** The database's word on it. Throws AlreadyRunning when another start was faster. Only for the embedded one. */
  holdDatabase(store: Store): Promise<void>;
  /** From now on the answer names the port. */
  serving(port: number): void;
  release(): Promise<void>;
}

/** Another server works on this DATA_DIR. `port` is null until it listens. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
  readonly pid: number;
  readonly port: number | null;

  constructor(holder: Holder) {
    const where = holder.port === null ? '' : ` (port ${holder.port})`;
    super(`sudah berjalan · already running: process ${holder.pid}${where} works on this DATA_DIR`);
    this.pid = holder.pid;
    this.port = holder.port;
  }
}

export interface Holder {
  readonly pid: number;
  readonly port: number | null;
}

const CONTROL_SOCKET = 'control.sock';
const NOTE = 'server.json';
const ANSWER_LIMIT_MS = 1_000;
const MAX_ANSWER_BYTES = 1_000;
/** Any number, but the same in every version of the program. */
const SERVER_LOCK = 6_713_017_771_251_406n;
const SERVER = 'kepling server ';
/** How long PostgreSQL may take to notice that a killed server's connection is gone. */
const DEAD_HOLDER_LIMIT_MS = 5_000;
const POLL_MS = 50;

/** Throws AlreadyRunning if a server answers for `dataDir`. */
export async function claimDataDir(dataDir: string): Promise<Claim> {
  openDataDir(dataDir);
  const socketFile = path.join(runFolder(dataDir), CONTROL_SOCKET);
  const note = path.join(dataDir, NOTE);
  const holder = await askHolder(socketFile);
  if (holder) throw new AlreadyRunning(holder);

  let port: number | null = null;
  const answer = () => `${JSON.stringify({ pid: process.pid, port } satisfies Holder)}\n`;
  const control = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.end(answer());
  });
  await listen(control, socketFile);
  writeFileSync(note, `${JSON.stringify({ pid: process.pid, socket: socketFile })}\n`);

  let lock: pg.Client | undefined;
  return {
    async holdDatabase(store) {
      lock = await holdLock(store);
    },
    serving(listeningPort) {
      port = listeningPort;
    },
    async release() {
      rmSync(note, { force: true });
      await new Promise<void>((resolve) => control.close(() => resolve()));
      await lock?.end();
    },
  };
}

/** Who serves on `dataDir` now; undefined if nobody does. */
export async function findHolder(dataDir: string): Promise<Holder | undefined> {
  return await askHolder(path.join(runFolder(dataDir), CONTROL_SOCKET));
}

async function listen(control: net.Server, socketFile: string): Promise<void> {
  // What a killed server left: nobody answered on it a moment ago.
  rmSync(socketFile, { force: true });
  try {
    await new Promise<void>((resolve, reject) => {
      control.once('error', reject);
      control.listen(socketFile, resolve);
    });
  } catch (error) {
    const faster = await askHolder(socketFile);
    throw faster ? new AlreadyRunning(faster) : error;
  }
  control.unref();
}

/** Who answers on a control socket; undefined if nobody does. */
export async function askHolder(socketFile: string): Promise<Holder | undefined> {
  return await new Promise((resolve) => {
    let answer = '';
    const socket = net.connect(socketFile);
    socket.setEncoding('utf8');
    socket.setTimeout(ANSWER_LIMIT_MS, () => socket.destroy());
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.length > MAX_ANSWER_BYTES) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(asHolder(answer)));
  });
}

function asHolder(answer: string): Holder | undefined {
  try {
    const { pid, port } = JSON.parse(answer) as Partial<Holder>;
    return typeof pid === 'number' ? { pid, port: typeof port === 'number' ? port : null } : undefined;
  } catch {
    return undefined;
  }
}

async function holdLock(store: Store): Promise<pg.Client> {
  const client = await store.client('app', { applicationName: SERVER + process.pid });
  try {
    const deadlineMs = performance.now() + DEAD_HOLDER_LIMIT_MS;
    for (;;) {
      const tried = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [
        SERVER_LOCK,
      ]);
      if (tried.rows[0]?.held) return client;
      const pid = await lockHolder(client);
      if (pid !== undefined && isAlive(pid)) throw new AlreadyRunning({ pid, port: null });
      if (performance.now() > deadlineMs)
        throw new StoreUnavailable('another server holds this database and does not say which');
      await wait(POLL_MS);
    }
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function lockHolder(client: pg.Client): Promise<number | undefined> {
  const found = await client.query<{ name: string }>(
    `SELECT a.application_name AS name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND ((l.classid::bigint << 32) | l.objid::bigint) = $1`,
    [SERVER_LOCK],
  );
  const name = found.rows[0]?.name;
  return name?.startsWith(SERVER) ? Number(name.slice(SERVER.length)) : undefined;
}
