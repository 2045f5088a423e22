/**
 * `GET /totals.json`, for a screen that has no socket. Gives the public city frame as it was served, with the moment
 * it stands for, and the program's time at which the server answered; null where there was no answer within four
 * seconds, or none that can be read. What is in it is for the reader to judge.
 *
 * Where nothing has changed the server answers with a tag alone (304) and the browser takes the body it has: both times
 * then come from the headers.
 */
import type { Clock } from './clock.ts';

export interface TotalsAnswer {
  readonly frame: Record<string, unknown>;
  /** Milliseconds since the epoch; NaN where the server did not say. */
  readonly programNowMs: number;
}

const answerWithinMs = 4_000;

export async function fetchTotals(clock: Clock, signal: AbortSignal): Promise<TotalsAnswer | null> {
  const tooLate = new AbortController();
  const cancelLimit = clock.after(answerWithinMs, () => tooLate.abort());
  try {
    const response = await fetch('/totals.json', {
      cache: 'no-cache',
      credentials: 'omit',
      signal: AbortSignal.any([signal, tooLate.signal]),
    });
    if (!response.ok) return null;
    const frame = (await response.json()) as Record<string, unknown>;
    return {
      frame: { ...frame, asOf: response.headers.get('x-as-of') ?? frame.asOf },
      programNowMs: Date.parse(response.headers.get('x-now') ?? ''),
    };
  } catch {
    return null;
  } finally {
    cancelLimit();
  }
}
