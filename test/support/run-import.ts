import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SAMPLE_MS = 25;

export interface Ended {
  /** Null where it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly lastLine: string;
}

export interface RunningImport {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  kill(): void;
}

/** `npm run import` on `dataDir`, as a process of its own. */
export function startImport(dataDir: string, ...args: string[]): RunningImport {
  const { PATH, HOME, TMPDIR } = process.env;
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx/esm', 'server/commands/import.ts', ...args],
    {
      cwd: ROOT,
      env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), DATA_DIR: dataDir, PROGRAM_MODE: 'demo' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  return {
    pid: child.pid as number,
    ended: new Promise((resolve) => {
      child.once('close', (code) =>
        resolve({ code, ...said, lastLine: said.stdout.trimEnd().split('\n').at(-1) ?? '' }),
      );
    }),
    kill: () => void child.kill('SIGKILL'),
  };
}

export const runImport = (dataDir: string, ...args: string[]): Promise<Ended> =>
  startImport(dataDir, ...args).ended;

/** Watches how much memory a process has; `stop` gives the most there was, in MB. 0: this system does not say. */
export function watchMemory(pid: number): { readonly firstMb: number; stop(): number } {
  const firstMb = residentMb(pid);
  let mostMb = firstMb;
  const timer = setInterval(() => {
    mostMb = Math.max(mostMb, residentMb(pid));
  }, SAMPLE_MS);
  return {
    firstMb,
    stop() {
      clearInterval(timer);
      return mostMb;
    },
  };
}

function residentMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024);
  } catch {
    return 0;
  }
}
