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
  totals: async () => (await import('./totals.ts')).totals,
  'intake-load': async () => (await import('./intake-load.ts')).intakeLoad,
};
/** Asked for by name only: what it prints is for reading, not for comparing. */
const BY_NAME = { profile: async () => (await import('./profile.ts')).profile };

export async function bench(args: readonly string[]): Promise<void> {
  const [first, ...rest] = args;
  const named = first && !first.startsWith('-') ? first : null;
  const known = { ...PARTS, ...BY_NAME };
  if (named && !(named in known)) throw new Error(`fanout ${Object.keys(known).join(' | ')}`);
  pinBench();
  for (const [name, load] of Object.entries(named ? known : PARTS)) {
    if (named && named !== name) continue;
    say();
    say(`fanout ${name}`);
    const startedAt = performance.now();
    await (await load())(named ? rest : args);
    progress(`fanout ${name} took ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  }
}
