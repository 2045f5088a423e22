/**
 * Follows one picture: the road from the socket to the cache, the same for every kind of frame.
 *
 * Each frame is judged by `acceptFrame`; what passes is written into the cache and into the live state in the same
 * breath, and both are read through `useSyncExternalStore`, so that the page changes in one React commit. Nothing valid
 * for twenty seconds: the whole socket client is thrown away and made anew, for ever.
 *
 * It never computes a figure, never clears one, and never lets a frame pass that is older than the one it holds.
 */
import type { Socket } from '#client/wire/socket.ts';
import { acceptFrame, type FrameHead } from './accept-frame.ts';
import { createKeeper, readLastPicture } from './last-picture.ts';
import type { Live } from './live-context.ts';
import { createWatchdog } from './watchdog.ts';

/** What every picture has, whatever it is of. */
export interface Framed extends FrameHead {
  readonly mode: string;
  readonly isLoading: boolean;
  readonly asOf: string;
}

export interface Following<P extends Framed> {
  readonly socket: Socket;
  readonly live: Live;
  readonly storage: Storage;
  /** Under which name the last picture is kept in the browser; another shape needs another name. */
  readonly slot: string;
  /** Begins the subscription; gives what ends it. */
  subscribe(take: (frame: P) => void): () => void;
  write(picture: P): void;
}

/** Begins to follow; gives what ends it and keeps the last picture. */
export function follow<P extends Framed>(following: Following<P>): () => void {
  const { socket, live, storage, slot, subscribe, write } = following;
  const keeper = createKeeper<P>(storage, slot);
  let held: P | null = null;
  live.began(socket.connection.get());

  const kept = readLastPicture<P>(storage, slot, Date.now());
  if (kept !== null) {
    held = kept.picture;
    write(held);
    live.restored(performance.now() - (Date.now() - kept.keptAtMs));
  }

  const watchdog = createWatchdog({
    quiet: () => live.silent('quiet'),
    lost: () => {
      live.silent('lost');
      socket.renew();
    },
  });

  const stopFollowing = subscribe((frame) => {
    const verdict = acceptFrame(held, frame);
    if (verdict === 'drop') return;
    watchdog.fed();
    held = verdict === 'figures' || held === null ? frame : withWord(held, frame);
    write(held);
    live.received(frame.kind, performance.now());
    keeper.keep({ picture: held, keptAtMs: Date.now() });
  });

  const stopListening = socket.connection.subscribe(() => live.connected(socket.connection.get()));
  const flush = () => keeper.flush();
  window.addEventListener('pagehide', flush);
  return () => {
    stopFollowing();
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
