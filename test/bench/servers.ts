/** Processes under measurement, each with the probe in front of it and the servers' core to itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '#test/support/product.ts';
import { until } from '#test/support/wait.ts';
import { onServerCore } from './machine.ts';
import type { CpuProfile } from './profile.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const READY_LIMIT_MS = 120_000;

export interface Cpu {
  /** Microseconds. */
  readonly user: number;
  readonly system: number;
}
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}
export interface Counts {
  readonly queries: number;
  readonly executions: number;
  readonly statements: Readonly<Record<string, number>>;
}

export interface Server {
  readonly port: number;
  readonly pid: number;
  cpu(): Promise<Cpu>;
  /** After the garbage is gone. */
  memory(): Promise<Memory>;
  counts(): Promise<Counts>;
  startProfile(): Promise<void>;
  stopProfile(): Promise<CpuProfile>;
  /** What only peers know: send one more frame. */
  publish(): void;
  stop(): Promise<void>;
}

interface Start {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
  readonly isPinned?: boolean;
}

/** Starts a program that tells its port over its channel, or, where `port` is given, listens on that one. */
export async function startServer(
  { args, env = {}, nodeOptions = [], isPinned = true }: Start,
  port?: number,
): Promise<Server> {
  const node = [...nodeOptions, '--expose-gc', '--import', './test/bench/probe.mjs', ...args];
  const [program, all] = isPinned ? onServerCore(process.execPath, node) : [process.execPath, node];
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(program, all, {
    cwd: ROOT,
    env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => output.push(String(chunk)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const answers: ((answer: unknown) => void)[] = [];
  let told = port;
  child.on('message', (message: { port?: number; answer?: unknown }) => {
    if (message.port !== undefined) told = message.port;
    else answers.shift()?.(message.answer);
  });
  const ask = <T>(what: string) =>
    new Promise<T>((resolve, reject) => {
      answers.push(resolve as (answer: unknown) => void);
      child.send({ ask: what }, (error) => error && reject(error));
    });
  const isThere = async () => {
    if (child.exitCode !== null) return 'ended';
    if (told === undefined) return false;
    return port === undefined || (await fetch(`http://127.0.0.1:${port}/readyz`)).status === 200;
  };
  const was = await until(`${args.join(' ')} to be ready`, isThere, READY_LIMIT_MS);
  if (was === 'ended') throw new Error(`${args.join(' ')} ended:\n${output.join('').slice(-2_000)}`);
  return {
    port: told as number,
    pid: child.pid as number,
    cpu: () => ask('cpu'),
    memory: () => ask('memory'),
    counts: () => ask('counts'),
    startProfile: () => ask('startProfile'),
    stopProfile: () => ask('stopProfile'),
    publish: () => void child.send({ publish: 1 }),
    stop: () => endOf(child, ended),
  };
}

async function endOf(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(late);
}

export interface ProductOptions {
  /** A further instance on somebody's database: its address and the secrets to share. */
  readonly databaseUrl?: string;
  readonly secretsFile?: string;
  readonly isCounting?: boolean;
  readonly nodeOptions?: readonly string[];
  readonly program?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The real product on a folder, without traffic of its own. */
export async function startProductServer(dataDir: string, options: ProductOptions = {}): Promise<Server> {
  const port = await freePort();
  return startServer(
    {
      nodeOptions: [...(options.nodeOptions ?? []), '--import', 'tsx/esm'],
      args: [options.program ?? 'server/main.ts'],
      env: {
        DATA_DIR: dataDir,
        PORT: String(port),
        PROGRAM_MODE: 'demo',
        DEMO_TRAFFIC: '0',
        ...(options.databaseUrl ? { DATABASE_URL: options.databaseUrl } : {}),
        ...(options.secretsFile ? { SECRETS_FILE: options.secretsFile } : {}),
        ...(options.isCounting ? { BENCH_COUNT: '1' } : {}),
        ...options.env,
      },
    },
    port,
  );
}

/** The key of a role's demonstration account on a folder. */
export function readKey(dataDir: string, role: string): string {
  const accounts = JSON.parse(readFileSync(path.join(dataDir, 'demo-accounts.json'), 'utf8')) as {
    role: string;
    key: string;
  }[];
  const account = accounts.find((each) => each.role === role);
  if (!account) throw new Error(`no account of role ${role}`);
  return account.key;
}
