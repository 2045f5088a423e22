/** Follows who leads at one level and draws nothing. One subscription; `follow.ts` says what it promises. */
import { useApolloClient } from '@apollo/client/react';
import { type LeadersLevel, leadersId } from '#client/wire/cache.ts';
import { hashOf } from '#client/wire/document.ts';
import {
  FollowLeadersDocument,
  type LeadersFragment,
  LeadersFragmentDoc,
} from '#client/wire/generated/graphql.ts';
import { useFollow } from './follow.ts';
import { readLeaders } from './read-picture.ts';

export function FollowLeaders({ level }: { level: LeadersLevel }) {
  const { cache } = useApolloClient();
  const id = leadersId(level);
  useFollow<LeadersFragment>(id, {
    subscribe: (socket, take) =>
      socket.follow(FollowLeadersDocument, { level }, ({ leadersChanged }) => take(leadersChanged)),
    write: (data) =>
      void cache.writeFragment({ id, fragment: LeadersFragmentDoc, fragmentName: 'Leaders', data }),
    shelf: {
      storage: window.localStorage,
      slot: `${id}:${hashOf(FollowLeadersDocument)}`,
      read: readLeaders,
    },
  });
  return null;
}
