/**
 * `GET /totals.json`, for a screen that has no socket. Gives the public city frame as it was served, with the moment
 * it stands for; null where there was no answer within four seconds, or none that can be read. What is in it is for
 * the reader to judge.
 *
 * Where nothing has changed the server answers with a tag alone (304) and the browser takes the body it has: the time
 * then comes from the header.
 */
import type { Clock } from './clock.ts';

const answerWithinMs = 4_000;

export async function fetchTotals(
  clock: Clock,
  signal: AbortSignal,
): Promise<Record<string, unknown> | null> {
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
    return { ...frame, asOf: response.headers.get('x-as-of') ?? frame.asOf };
  } catch {
    return null;
  } finally {
    cancelLimit();
  }
}
