import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { say } from './say.ts';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

const TOP = 25;

/** Node's options that write a profile into `folder` when the process ends. */
export function profilingInto(folder: string): string[] {
  return ['--cpu-prof', '--cpu-prof-dir', folder];
}

/** Compiling and reading modules: a start, not what was measured. */
const STARTING = /^node:internal\/(modules|bootstrap|deps)|node_modules\/tsx\//;
const STARTING_NAMES = new Set([
  'compileFunction',
  'compileFunctionForCJSLoader',
  'readFileUtf8',
  'lstat',
  'internalModuleStat',
]);

/** Prints where a process spent its time by itself: functions, and packages or our own folders. Idle time and the start are left out. */
export function tellProfile(folder: string): void {
  const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile'));
  if (!file) throw new Error(`no profile in ${folder}`);
  const profile = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as CpuProfile;
  const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const byFunction = new Map<string, number>();
  const byPlace = new Map<string, number>();
  let busy = 0;
  for (const [index, id] of profile.samples.entries()) {
    const frame = frames.get(id);
    const us = profile.timeDeltas[index] ?? 0;
    if (!frame || frame.functionName === '(idle)') continue;
    const place = placeOf(frame.url);
    if (STARTING.test(place) || STARTING_NAMES.has(frame.functionName)) continue;
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
