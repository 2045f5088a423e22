/**
 * The city's picture by asking, for as long as the socket brings none. An answer is a whole state that was asked for,
 * so it counts as a snapshot, unless the server holds its figures back: that word stays. What the server says its time is
 * is taken first: by it the answer has its age.
 */
import { fetchTotals } from '#client/wire/fetch-totals.ts';
import type { PictureFragment } from '#client/wire/generated/graphql.ts';
import type { Socket } from '#client/wire/socket.ts';
import { isHold } from './accept-frame.ts';
import { readPicture } from './read-picture.ts';

export const pollEveryMs = 5_000;

/** Asks at once and then every five seconds, never twice at a time, until the returned function is called. */
export function pollTotals(
  { clock, programTime }: Pick<Socket, 'clock' | 'programTime'>,
  take: (picture: PictureFragment) => void,
): () => void {
  const leaving = new AbortController();
  let isAsking = false;

  async function ask(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    const answer = await fetchTotals(clock, leaving.signal);
    isAsking = false;
    const picture = answer === null ? null : readPicture({ ...answer.frame, __typename: 'TotalsFrame' });
    if (answer === null || picture === null || leaving.signal.aborted) return;
    if (!Number.isNaN(answer.programNowMs)) programTime.told(answer.programNowMs);
    take(isHold(picture.kind) ? picture : { ...picture, kind: 'SNAPSHOT' });
  }

  void ask();
  const cancel = clock.every(pollEveryMs, () => void ask());
  return () => {
    cancel();
    leaving.abort();
  };
}
