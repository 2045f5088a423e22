/** Follows the totals of one area and draws nothing. One subscription; `follow.ts` says what it promises. */
import { useApolloClient } from '@apollo/client/react';
import { useEffect } from 'react';
import { pictureId, type Subject } from '#client/wire/cache.ts';
import {
  FollowTotalsDocument,
  type PictureFragment,
  PictureFragmentDoc,
} from '#client/wire/generated/graphql.ts';
import { hashOf, type Socket } from '#client/wire/socket.ts';
import { follow } from './follow.ts';
import { useLive } from './live-context.ts';

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
    return follow<PictureFragment>({
      socket,
      live,
      storage: window.localStorage,
      slot: `${id}:${hashOf(FollowTotalsDocument)}`,
      subscribe: (take) =>
        socket.follow(FollowTotalsDocument, { ...subject }, ({ totalsChanged }) => take(totalsChanged)),
      write: (data) =>
        void cache.writeFragment({ id, fragment: PictureFragmentDoc, fragmentName: 'Picture', data }),
    });
  }, [socket, subject, live, cache]);

  return null;
}
