/**
 * Follows the figures of one area and its parts, for staff: one subscription (`follow.ts` says what it promises) into
 * one store that the page reads.
 *
 * Nothing of it is kept in the browser: figures of small areas must be gone with the session.
 */
import { useEffect, useState, useSyncExternalStore } from 'react';
import {
  type AreaLevel,
  type AreaPictureFragment,
  FollowAreaDocument,
} from '#client/wire/generated/staff/graphql.ts';
import { createStore } from '#client/wire/store.ts';
import { follow } from './follow.ts';
import { useLive } from './live-context.ts';
import { usePageSocket } from './socket-context.ts';

const nowhere: Storage = {
  length: 0,
  clear: () => undefined,
  getItem: () => null,
  key: () => null,
  removeItem: () => undefined,
  setItem: () => undefined,
};

/** The newest picture of an area, or null while there is none. Another area is another component: give it a key. */
export function useArea(area: string, parts: AreaLevel | null): AreaPictureFragment | null {
  const socket = usePageSocket();
  const live = useLive();
  const [picture] = useState(() => createStore<AreaPictureFragment | null>(null));
  useEffect(
    () =>
      follow<AreaPictureFragment>({
        socket,
        live,
        storage: nowhere,
        slot: '',
        subscribe: (take) =>
          socket.follow(FollowAreaDocument, { area, parts }, ({ totalsChanged }) => take(totalsChanged)),
        write: picture.set,
      }),
    [socket, live, area, parts, picture],
  );
  return useSyncExternalStore(picture.subscribe, picture.get);
}
