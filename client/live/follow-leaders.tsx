/** Follows who leads at one level and draws nothing. One subscription; `follow.ts` says what it promises. */
import { useApolloClient } from '@apollo/client/react';
import { useEffect } from 'react';
import { type LeadersLevel, leadersId } from '#client/wire/cache.ts';
import {
  FollowLeadersDocument,
  type LeadersFragment,
  LeadersFragmentDoc,
} from '#client/wire/generated/graphql.ts';
import { hashOf, type Socket } from '#client/wire/socket.ts';
import { follow } from './follow.ts';
import { useLive } from './live-context.ts';

interface Props {
  readonly socket: Socket;
  readonly level: LeadersLevel;
}

export function FollowLeaders({ socket, level }: Props) {
  const { cache } = useApolloClient();
  const live = useLive();

  useEffect(() => {
    const id = leadersId(level);
    return follow<LeadersFragment>({
      socket,
      live,
      storage: window.localStorage,
      slot: `${id}:${hashOf(FollowLeadersDocument)}`,
      subscribe: (take) =>
        socket.follow(FollowLeadersDocument, { level }, ({ leadersChanged }) => take(leadersChanged)),
      write: (data) =>
        void cache.writeFragment({ id, fragment: LeadersFragmentDoc, fragmentName: 'Leaders', data }),
    });
  }, [socket, level, live, cache]);

  return null;
}
