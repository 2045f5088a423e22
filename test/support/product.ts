import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { until } from './wait.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const READY_LIMIT_MS = 120_000;

/** The whole product as its users start it: a process of its own on a folder of its own. */
export interface Product {
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number;
  /** The key of a role's demonstration account. */
  key(role: string): string;
  /** One GraphQL request over HTTP; without a key, as anyone. */
  ask<T = Record<string, unknown>>(query: string, variables?: object, key?: string): Promise<Answer<T>>;
  isReady(): Promise<boolean>;
  /** What it wrote on its terminal, its log among it. */
  said(): string;
  /** The end that nobody can prepare for. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface Answer<T> {
  readonly status: number;
  readonly data: T;
  readonly errors?: readonly { message: string; extensions: { code: string } }[];
}

/** Starts the server on `dataDir` and waits until it is ready. The caller stops it. `settings`: more of its environment. */
export async function startProduct(
  dataDir: string,
  options: { traffic?: number; port?: number; settings?: Readonly<Record<string, string>> } = {},
): Promise<Product> {
  const port = options.port ?? (await freePort());
  const output: string[] = [];
  const child = spawn(process.execPath, ['--import', 'tsx/esm', 'server/main.ts'], {
    cwd: ROOT,
    env: environmentOf(dataDir, {
      // As npm start, the service and the image start it.
      NODE_ENV: 'production',
      PORT: String(port),
      DEMO_TRAFFIC: String(options.traffic ?? 0),
      ...options.settings,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const isReady = async () => (await fetch(`${url}/readyz`)).status === 200;
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  await until('the server to be ready', () => hasEnded() || isReady(), READY_LIMIT_MS).catch(
    (error: unknown) => {
      child.kill('SIGKILL');
      throw error;
    },
  );
  if (hasEnded()) throw new Error(`the server ended:\n${output.join('').slice(-2_000)}`);
  return {
    url,
    dataDir,
    pid: child.pid as number,
    key(role) {
      const file = path.join(dataDir, 'demo-accounts.json');
      const accounts = JSON.parse(readFileSync(file, 'utf8')) as { role: string; key: string }[];
      const account = accounts.find((each) => each.role === role);
      if (!account) throw new Error(`no account of role ${role}`);
      return account.key;
    },
    async ask<T>(query: string, variables = {}, key?: string) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, ...((await response.json()) as Omit<Answer<T>, 'status'>) };
    },
    isReady,
    said: () => output.join(''),
    kill: () => end(child, 'SIGKILL', ended),
    stop: () => end(child, 'SIGTERM', ended),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  await ended;
}

/** Runs one of the command line's commands on `dataDir`; gives what it printed. Rejects where it ends with an error. `settings`: more of its environment. */
export async function runCommandLine(
  dataDir: string,
  command: string,
  args: readonly string[],
  settings: Record<string, string> = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx/esm', `server/commands/${command}.ts`, ...args],
    { cwd: ROOT, env: environmentOf(dataDir, settings) },
  );
  return stdout;
}

/** Follows a subscription like any other program would, until `dispose`. */
export function follow<T>(url: string, query: string, take: (data: T) => void): { dispose(): Promise<void> } {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    shouldRetry: () => true,
  });
  client.subscribe<T>(
    { query },
    { next: ({ data }) => data && take(data), error: () => undefined, complete: () => undefined },
  );
  return { dispose: async () => client.dispose() };
}

function environmentOf(dataDir: string, settings: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return {
    PATH,
    HOME,
    ...(TMPDIR ? { TMPDIR } : {}),
    DATA_DIR: dataDir,
    PROGRAM_MODE: 'demo',
    ...settings,
  };
}

export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
