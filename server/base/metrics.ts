/**
 * What can be counted about this process, for `/metrics`. A new figure is one line, wherever it is counted:
 *
 *     const beats = counter('kepling_beats_total', 'Beats on which at least one frame was made');   ... beats.add();
 *     gauge('kepling_topics', 'Topics somebody follows', () => hub.topics);
 *
 * Names follow Prometheus: `kepling_` first, the unit and `_total` last. A label is a word of ours with few values,
 * such as a refusal's code: never an area, an address, an account or anything of a person.
 */
export interface Counter {
  /** Adds to the count; `label`'s value where the counter has one. */
  add(by?: number, label?: string): void;
}

interface Metric {
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  read(): readonly (readonly [labels: string, value: number])[];
}

/** By name. A counter lasts as long as the process; a gauge that is named again takes the place of the one before. */
const metrics = new Map<string, Metric>();
const counters = new Map<string, Counter>();

/** Counts up from 0 and never down. With `label` each of its values is counted by itself. */
export function counter(name: string, help: string, label?: string): Counter {
  const known = counters.get(name);
  if (known) return known;
  const counts = new Map<string, number>(label === undefined ? [['', 0]] : []);
  const made: Counter = {
    add(by = 1, value?: string) {
      const labels = label === undefined ? '' : labelsOf({ [label]: value ?? '' });
      counts.set(labels, (counts.get(labels) ?? 0) + by);
    },
  };
  metrics.set(name, { help, type: 'counter', read: () => [...counts] });
  counters.set(name, made);
  return made;
}

/** A count that somebody keeps already, asked for each time; it too counts up from 0 and never down. */
export function countOf(name: string, help: string, read: () => number): void {
  metrics.set(name, { help, type: 'counter', read: () => [['', read()]] });
}

/** Asked each time: a number, or several by a label's values. Null: not known at the moment, and left out. */
export function gauge(
  name: string,
  help: string,
  read: () => number | null | Readonly<Record<string, number>>,
  label = 'name',
): void {
  metrics.set(name, {
    help,
    type: 'gauge',
    read() {
      const value = read();
      if (value === null) return [];
      if (typeof value === 'number') return [['', value]];
      return Object.entries(value).map(([each, number]) => [labelsOf({ [label]: each }), number] as const);
    },
  });
}

/** All of it in Prometheus' text form. A figure that cannot be read is left out. */
export function writeMetrics(): string {
  const lines: string[] = [];
  for (const [name, { help, type, read }] of metrics) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const [labels, value] of readSafely(read))
      if (Number.isFinite(value)) lines.push(`${name}${labels} ${value}`);
  }
  return `${lines.join('\n')}\n`;
}

function readSafely(read: Metric['read']): ReturnType<Metric['read']> {
  try {
    return read();
  } catch {
    return [];
  }
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
  const written = Object.entries(labels).map(
    ([name, value]) =>
      `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return `{${written.join(',')}}`;
}
