/**
 * Follows the totals of one area and draws nothing.
 *
 * One subscription per screen. Each frame is judged by `acceptFrame`; what passes is written into the cache and into
 * the live state in the same breath, and both are read through `useSyncExternalStore`, so that the page changes in one
 * React commit. Nothing valid for twenty seconds: the whole socket client is thrown away and made anew, for ever.
 *
 * It never computes a figure, never clears one, and never shows a frame that is older than the one on the screen.
 */
import { useApolloClient } from '@apollo/client/react';
import { useEffect } from 'react';
import { pictureId, type Subject } from '#client/wire/cache.ts';
import {
  FollowTotalsDocument,
  type PictureFragment,
  PictureFragmentDoc,
} from '#client/wire/generated/graphql.ts';
import type { Socket } from '#client/wire/socket.ts';
import { acceptFrame } from './accept-frame.ts';
import { createKeeper, readLastPicture } from './last-picture.ts';
import type { Live } from './live-context.ts';
import { useLive } from './live-context.ts';
import { createWatchdog } from './watchdog.ts';

interface Props {
  readonly socket: Socket;
  readonly subject: Subject;
}

/** `subject` is a constant of its screen: a new object starts a new subscription. */
export function FollowTotals({ socket, subject }: Props) {
  const { cache } = useApolloClient();
  const live = useLive();

  useEffect(() => {
    const id = pictureId(subject);
    const write = (picture: PictureFragment) => {
      cache.writeFragment({ id, fragment: PictureFragmentDoc, fragmentName: 'Picture', data: picture });
    };
    return follow({ socket, subject, live, write, storage: window.localStorage });
  }, [socket, subject, live, cache]);

  return null;
}

interface Following extends Props {
  readonly live: Live;
  readonly storage: Storage;
  write(picture: PictureFragment): void;
}

function follow({ socket, subject, live, write, storage }: Following): () => void {
  const keeper = createKeeper(storage, subject);
  let held: PictureFragment | null = null;

  const kept = readLastPicture(storage, subject, Date.now());
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

  const stopFollowing = socket.follow(FollowTotalsDocument, { ...subject }, ({ totalsChanged: frame }) => {
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
function withWord(held: PictureFragment, frame: PictureFragment): PictureFragment {
  const isSameRevision = frame.revision === held.revision;
  return {
    ...held,
    kind: frame.kind,
    mode: frame.mode,
    isLoading: frame.isLoading,
    asOf: isSameRevision && frame.asOf > held.asOf ? frame.asOf : held.asOf,
  };
}
