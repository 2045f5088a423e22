import type { CDPSession, Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly args: { readonly name?: string };
}

const COUNTED = new Set([
  'FunctionCall',
  'EvaluateScript',
  'RunMicrotasks',
  'TimerFire',
  'FireAnimationFrame',
  'EventDispatch',
  'UpdateLayoutTree',
  'RecalculateStyles',
  'Layout',
  'HitTest',
]);
const CATEGORIES = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
  'devtools.timeline.frame',
];

/** Writes down, from now on, what the page's main thread does; `stop` gives milliseconds of script, style and layout per frame. */
export async function traceFrames(page: Page): Promise<{ stop(): Promise<readonly number[]> }> {
  const session: CDPSession = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: CATEGORIES },
  });
  return {
    async stop() {
      const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
      await session.send('Tracing.end');
      await complete;
      return costPerFrame(events);
    },
  };
}

function costPerFrame(events: readonly TraceEvent[]): readonly number[] {
  const calls = events.filter((event) => event.name === 'FunctionCall');
  const main = events.find(
    (event) => event.args?.name === 'CrRendererMain' && calls.some((call) => call.pid === event.pid),
  );
  if (!main) throw new Error("The trace has no thread of the page's own.");
  const frames = events
    .filter((event) => event.name === 'BeginMainThreadFrame' && event.pid === main.pid)
    .map((event) => event.ts)
    .sort((a, b) => a - b);
  const work = events
    .filter(
      (event) =>
        event.ph === 'X' && event.pid === main.pid && event.tid === main.tid && COUNTED.has(event.name),
    )
    .sort((a, b) => a.ts - b.ts);
  const costs = new Array<number>(frames.length).fill(0);
  let frame = 0;
  // Events lie inside each other: what an outer one covers is counted once.
  let countedUntil = 0;
  for (const { ts, dur = 0 } of work) {
    while ((frames[frame + 1] ?? Number.POSITIVE_INFINITY) <= ts) frame += 1;
    const from = Math.max(ts, countedUntil);
    if (ts + dur <= from) continue;
    costs[frame] = (costs[frame] ?? 0) + (ts + dur - from) / 1_000;
    countedUntil = ts + dur;
  }
  return costs;
}
