import { useApolloClient } from '@apollo/client/react';
import { useMemo, useSyncExternalStore } from 'react';
import { pictureId, type Subject } from '#client/wire/cache.ts';
import { type PictureFragment, PictureFragmentDoc } from '#client/wire/generated/graphql.ts';

/**
 * The picture of a subject (a constant of its screen), or null while there is none. Not Apollo's own `useFragment`: that one wakes each reader by a
 * timer of its own, which tears one frame into several paints; this one wakes them with the write.
 */
export function usePicture(subject: Subject): PictureFragment | null {
  const client = useApolloClient();
  const { subscribe, get } = useMemo(() => {
    const watched = client.watchFragment({
      from: pictureId(subject),
      fragment: PictureFragmentDoc,
      fragmentName: 'Picture',
    });
    return {
      subscribe: (wake: () => void) => {
        const subscription = watched.subscribe(wake);
        return () => subscription.unsubscribe();
      },
      get: () => watched.getCurrentResult(),
    };
  }, [client, subject]);
  const result = useSyncExternalStore(subscribe, get);
  return result.complete ? (result.data as PictureFragment) : null;
}
