import { useState, useSyncExternalStore } from 'react';
import {
  type AreaLevel,
  type AreaPictureFragment,
  FollowAreaDocument,
} from '#client/wire/generated/staff/graphql.ts';
import { createStore } from '#client/wire/store.ts';
import { useFollow } from './follow.ts';

/**
 * Follows one area and its parts, for staff, and gives the newest picture, or null while there is none. Nothing of it
 * is kept in the browser: figures of small areas must be gone with the session. Another area is another component:
 * give it a key.
 */
export function useArea(area: string, parts: AreaLevel | null): AreaPictureFragment | null {
  const [picture] = useState(() => createStore<AreaPictureFragment | null>(null));
  useFollow<AreaPictureFragment>(`${area}:${parts}`, {
    subscribe: (socket, take) =>
      socket.follow(FollowAreaDocument, { area, parts }, ({ totalsChanged }) => take(totalsChanged)),
    write: picture.set,
    shelf: null,
  });
  return useSyncExternalStore(picture.subscribe, picture.get);
}
