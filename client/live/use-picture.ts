import type { DocumentNode } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useMemo, useSyncExternalStore } from 'react';
import { type LeadersLevel, leadersId, pictureId, type Subject } from '#client/wire/cache.ts';
import {
  type LeadersFragment,
  LeadersFragmentDoc,
  type PictureFragment,
  PictureFragmentDoc,
} from '#client/wire/generated/graphql.ts';

/** The picture of a subject (a constant of its screen), or null while there is none. */
export function usePicture(subject: Subject): PictureFragment | null {
  return useHeld(pictureId(subject), PictureFragmentDoc, 'Picture') as PictureFragment | null;
}

/** The leaders of a level, or null while there are none, or where no level is asked for. */
export function useLeaders(level: LeadersLevel | null): LeadersFragment | null {
  const id = level === null ? null : leadersId(level);
  return useHeld(id, LeadersFragmentDoc, 'Leaders') as LeadersFragment | null;
}

const nothing = { subscribe: () => () => undefined, get: () => null };

/**
 * What the cache holds under an id. Not Apollo's own `useFragment`: that one wakes each reader by a timer of its own,
 * which tears one frame into several paints; this one wakes them with the write.
 */
function useHeld(id: string | null, fragment: DocumentNode, fragmentName: string): unknown {
  const client = useApolloClient();
  const { subscribe, get } = useMemo(() => {
    if (id === null) return nothing;
    const watched = client.watchFragment({ from: id, fragment, fragmentName });
    return {
      subscribe: (wake: () => void) => {
        const subscription = watched.subscribe(wake);
        return () => subscription.unsubscribe();
      },
      get: () => watched.getCurrentResult(),
    };
  }, [client, id, fragment, fragmentName]);
  const result = useSyncExternalStore(subscribe, get);
  return result?.complete ? result.data : null;
}
