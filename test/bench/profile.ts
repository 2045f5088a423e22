import { say } from './say.ts';

/** As V8's profiler gives it. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

const TOP = 25;

/** Prints where a process spent its time by itself: functions, and packages or our own folders. Idle time is left out. */
export function tellProfile(profile: CpuProfile): void {
  const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const byFunction = new Map<string, number>();
  const byPlace = new Map<string, number>();
  let busy = 0;
  for (const [index, id] of profile.samples.entries()) {
    const frame = frames.get(id);
    const us = profile.timeDeltas[index] ?? 0;
    // Native "dispatch" is the profiler itself.
    const isOwn = frame?.functionName === 'dispatch' && frame.url === '';
    if (!frame || isOwn || frame.functionName === '(idle)') continue;
    const place = placeOf(frame.url);
    busy += us;
    add(byFunction, `${frame.functionName || '(anonymous)'}  ${place}:${frame.lineNumber + 1}`, us);
    add(byPlace, frame.url ? groupOf(place) : frame.functionName, us);
  }
  for (const [title, sums] of [
    ['by function', byFunction],
    ['by place', byPlace],
  ] as const) {
    say(`${title}, share of ${(busy / 1_000).toFixed(0)} ms on the core`);
    for (const [name, us] of [...sums].sort((a, b) => b[1] - a[1]).slice(0, TOP))
      say(`  ${((100 * us) / busy).toFixed(1).padStart(5)} %  ${name}`);
  }
}

function add(sums: Map<string, number>, name: string, us: number): void {
  sums.set(name, (sums.get(name) ?? 0) + us);
}

function placeOf(url: string): string {
  const text = url.replace('file://', '');
  const from = Math.max(text.lastIndexOf('/node_modules/') + 1, text.indexOf('/server/') + 1, 0);
  return text.slice(from);
}

/** A package's name, or the folder of our own. */
function groupOf(place: string): string {
  const parts = place.split('/');
  if (parts[0] !== 'node_modules') return parts.slice(0, 2).join('/');
  return parts.slice(1, parts[1]?.startsWith('@') ? 3 : 2).join('/');
}
