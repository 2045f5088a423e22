import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';

/** The core that servers under measurement have to themselves; everything else is on the other. */
const SERVER_CORE = '0';
const OTHER_CORE = '1';

const canPin = os.cpus().length > 1 && spawnSync('taskset', ['-c', SERVER_CORE, 'true']).status === 0;

/** One line: what this was measured on, and how it was shared out. */
export function describeMachine(): string {
  const cpu = os.cpus();
  const load = os.loadavg()[0]?.toFixed(2);
  return `${cpu.length} x ${cpu[0]?.model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Linux ${os.release()}, Node ${process.version}, load ${load} before`;
}

/** Moves this process, and all it starts from now on, off the servers' core. */
export function pinBench(): void {
  if (!canPin) {
    process.stdout.write(
      'no taskset or a single core: server and clients share what there is; take figures with care\n',
    );
    return;
  }
  execFileSync('taskset', ['-a', '-c', '-p', OTHER_CORE, String(process.pid)], { stdio: 'ignore' });
  process.stdout.write(
    `server on core ${SERVER_CORE}; clients, writer and PostgreSQL on core ${OTHER_CORE}\n`,
  );
}

/** The command that runs `program` on the servers' core. */
export function onServerCore(program: string, args: readonly string[]): [string, string[]] {
  return canPin ? ['taskset', ['-c', SERVER_CORE, program, ...args]] : [program, [...args]];
}

/** How many sockets this process may open; told before a bench that needs more begins. */
export function requireOpenFiles(count: number): void {
  const limit = Number(/Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
  if (limit < count)
    throw new Error(`This needs ${count} open files and may have ${limit}: raise \`ulimit -n\`.`);
}
