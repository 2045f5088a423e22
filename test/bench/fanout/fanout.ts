/**
 * `npm run bench -- fanout [PART] [--rounds N] [--sockets N]`: what it costs to tell many screens the same. Without a
 * part: all, one after another.
 */
import { pinBench } from '../machine.ts';
import { progress, say } from '../say.ts';

const PARTS = {
  cpu: async () => (await import('./cpu.ts')).cpu,
  memory: async () => (await import('./memory.ts')).memory,
  last: async () => (await import('./last.ts')).last,
  groups: async () => (await import('./groups.ts')).groups,
  delay: async () => (await import('./delay.ts')).delay,
  'intake-load': async () => (await import('./intake-load.ts')).intakeLoad,
};

export async function bench(args: readonly string[]): Promise<void> {
  const [first, ...rest] = args;
  const named = first && !first.startsWith('-') ? first : null;
  if (named && !(named in PARTS)) throw new Error(`fanout ${Object.keys(PARTS).join(' | ')}`);
  pinBench();
  for (const [name, load] of Object.entries(PARTS)) {
    if (named && named !== name) continue;
    say();
    say(`fanout ${name}`);
    const startedAt = performance.now();
    await (await load())(named ? rest : args);
    progress(`fanout ${name} took ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  }
}
