/**
 * Follows one picture: the road from the socket to the cache, the same for every kind of frame.
 *
 * Each frame is judged by `acceptFrame`; what passes is written into the cache and into the live state in the same
 * breath, and both are read through `useSyncExternalStore`, so that the page changes in one React commit.
 *
 * Where three connections in a row have brought nothing, or this picture has failed three times in a row on connections
 * that bring others, and it can be had by asking, it asks until the socket brings it again. What is asked for passes the same judge.
 *
 * A server that has lost its database still answers and still gives every newcomer its last picture, so that a frame
 * has come proves nothing. A picture is as old as its `asOf` by the program's time (`frame-age.ts`), whether it came just
 * now, once more on another connection, or out of the browser's storage.
 *
 * It never computes a figure, never clears one, and never lets a frame pass that is older than the one it holds.
 */
import { useEffect, useEffectEvent } from 'react';
import type { Socket } from '#client/wire/socket.ts';
import { acceptFrame, isHold } from './accept-frame.ts';
import { ageOfFrame, ageOfKept, type Framed, isNews, silentForMs } from './frame-age.ts';
import { createKeeper, readLastPicture, type Shelf } from './last-picture.ts';
import { type Live, useLive } from './live-context.ts';
import { usePageSocket } from './socket-context.ts';
import { createWatchdog, silenceOf } from './watchdog.ts';

export interface Source<P extends Framed> {
  /** Begins the subscription; `take` says whether the frame was valid, `onFailed` is as in the socket's `follow`. Gives what ends it. */
  subscribe(socket: Socket, take: (frame: P) => boolean, onFailed: () => void): () => void;
  write(picture: P): void;
  /** Where the last picture is kept in the browser. Null: nowhere, as what must be gone with the session. */
  readonly shelf: Shelf<P> | null;
  /** The same picture by asking, over and over. Gives what ends it. */
  readonly poll?: ((socket: Socket, take: (frame: P) => void) => () => void) | undefined;
}

const pollAfterFailures = 3;

/** Follows for as long as the component stands; another `subject` is another picture. */
export function useFollow<P extends Framed>(subject: string, source: Source<P>): void {
  const socket = usePageSocket();
  const live = useLive();
  const begin = useEffectEvent(() => follow(source, socket, live));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a source is made anew in each render, its subject is not.
  useEffect(() => begin(), [socket, live, subject]);
}

/** Begins to follow; gives what ends it and keeps the last picture. */
export function follow<P extends Framed>(source: Source<P>, socket: Socket, live: Live): () => void {
  const { clock, programTime } = socket;
  const keeper = source.shelf === null ? null : createKeeper(source.shelf);
  let held: P | null = null;
  let asOfAtMs = 0;
  let isBySocket = false;
  let ownFailures = 0;
  let stopPolling: (() => void) | null = null;
  live.began(socket.connection.get());

  const kept = source.shelf === null ? null : readLastPicture(source.shelf, Date.now());
  if (kept !== null) {
    held = kept.picture;
    source.write(held);
    asOfAtMs = clock.now() - ageOfKept(held, Date.now() - kept.asOfAtMs, programTime);
    live.restored(asOfAtMs);
  }

  const watchdog = createWatchdog(clock, {
    quiet: () => live.silent('quiet'),
    lost: () => live.silent('lost'),
  });

  function take(frame: P, by: 'socket' | 'poll'): boolean {
    const verdict = acceptFrame(held, frame);
    if (verdict === 'drop') return false;
    const before = held === null ? null : { held, ageMs: clock.now() - asOfAtMs };
    held = verdict === 'figures' || held === null ? frame : withWord(held, frame);
    const ageMs = ageOfFrame(before, frame, held.asOf, programTime);
    asOfAtMs = clock.now() - ageMs;
    isBySocket = by === 'socket';
    const silentMs = silentForMs(frame, ageMs, by);
    watchdog.fed(silentMs);
    source.write(held);
    live.received(frame.kind, asOfAtMs, by, silenceOf(silentMs));
    keeper?.keep({ picture: held, asOfAtMs: Date.now() - ageMs });
    return true;
  }

  /** The answer to the first ping may come after the first frame. It never makes a picture younger. */
  function judgeAnew(): void {
    if (held === null || !isBySocket || held.isLoading || isHold(held.kind)) return;
    const ageMs = programTime.since(Date.parse(held.asOf));
    if (ageMs <= clock.now() - asOfAtMs) return;
    asOfAtMs = clock.now() - ageMs;
    watchdog.fed(ageMs);
    live.older(asOfAtMs, silenceOf(ageMs));
    keeper?.keep({ picture: held, asOfAtMs: Date.now() - ageMs });
  }

  /** What no clock here counted has passed for the picture all the same, and for what was asked before it. */
  function wake(sleptMs: number): void {
    asOfAtMs -= sleptMs;
    live.older(held === null ? null : asOfAtMs, watchdog.slept(sleptMs));
    if (stopPolling === null) return;
    endPolling();
    pollWhereItFails();
  }

  const stopFollowing = source.subscribe(
    socket,
    (frame) => {
      const isValid = take(frame, 'socket');
      if (!isValid) return false;
      ownFailures = 0;
      endPolling();
      return true;
    },
    () => {
      ownFailures++;
      pollWhereItFails();
    },
  );

  function pollWhereItFails(): void {
    if (stopPolling !== null || source.poll === undefined) return;
    if (Math.max(socket.failures.get(), ownFailures) < pollAfterFailures) return;
    stopPolling = source.poll(socket, (frame) => {
      if (isNews(held, frame)) take(frame, 'poll');
    });
  }

  function endPolling(): void {
    stopPolling?.();
    stopPolling = null;
  }

  const stopListening = socket.connection.subscribe(() => live.connected(socket.connection.get()));
  const stopTelling = programTime.onTold(judgeAnew);
  const stopWaking = socket.onSlept(wake);
  const stopCounting = socket.failures.subscribe(pollWhereItFails);
  pollWhereItFails();
  const flush = () => keeper?.flush();
  window.addEventListener('pagehide', flush);
  return () => {
    stopFollowing();
    endPolling();
    stopCounting();
    stopTelling();
    stopWaking();
    stopListening();
    watchdog.stop();
    window.removeEventListener('pagehide', flush);
    flush();
  };
}

/** The held figures under the newer frame's word: its kind, mode and notes; its time only if it is of this revision. */
function withWord<P extends Framed>(held: P, frame: P): P {
  const isSameRevision = frame.revision === held.revision;
  return {
    ...held,
    kind: frame.kind,
    mode: frame.mode,
    isLoading: frame.isLoading,
    asOf: isSameRevision && frame.asOf > held.asOf ? frame.asOf : held.asOf,
  };
}
