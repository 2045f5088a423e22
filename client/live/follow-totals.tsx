/** Follows the totals of one area and draws nothing. One subscription; `follow.ts` says what it promises. */
import { useApolloClient } from '@apollo/client/react';
import { pictureId, type Subject } from '#client/wire/cache.ts';
import { hashOf } from '#client/wire/document.ts';
import {
  FollowTotalsDocument,
  type PictureFragment,
  PictureFragmentDoc,
} from '#client/wire/generated/graphql.ts';
import { useFollow } from './follow.ts';
import { pollTotals } from './poll-totals.ts';
import { readPicture } from './read-picture.ts';

export function FollowTotals({ subject }: { subject: Subject }) {
  const { cache } = useApolloClient();
  const id = pictureId(subject);
  useFollow<PictureFragment>(id, {
    subscribe: (socket, take, onFailed) =>
      socket.follow(
        FollowTotalsDocument,
        { ...subject },
        ({ totalsChanged }) => take(totalsChanged),
        onFailed,
      ),
    write: (data) =>
      void cache.writeFragment({ id, fragment: PictureFragmentDoc, fragmentName: 'Picture', data }),
    shelf: {
      storage: window.localStorage,
      slot: `${id}:${hashOf(FollowTotalsDocument)}`,
      read: readPicture,
    },
    poll: isServedAsFile(subject) ? pollTotals : undefined,
  });
  return null;
}

/** `/totals.json` is the city with its districts, and nothing else. */
function isServedAsFile({ area, parts }: Subject): boolean {
  return area === null && parts === 'DISTRICT';
}
