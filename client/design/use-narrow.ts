import { useCallback, useSyncExternalStore } from 'react';

/** Whether the page is as narrow as a phone, or as a window at 200 %: then tables are lists. */
export function useNarrow(): boolean {
  return useMedia('(max-width: 719px)');
}

/** Whether two things that belong together have room beside each other. */
export function useWide(): boolean {
  return useMedia('(min-width: 1100px)');
}

function useMedia(query: string): boolean {
  const follow = useCallback(
    (wake: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', wake);
      return () => media.removeEventListener('change', wake);
    },
    [query],
  );
  return useSyncExternalStore(follow, () => window.matchMedia(query).matches);
}
