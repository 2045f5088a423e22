/** How the worker answers a request; `untouched` goes its way as if there were no worker. */
export type Way = 'shell' | 'page' | 'asset' | 'untouched';

interface Asked {
  readonly method: string;
  /** `navigate` where the browser opens a page. */
  readonly mode: string;
  readonly url: string;
}

/**
 * - `shell`: the board opens from what is kept, at once, whatever the network does meanwhile.
 * - `page`: every other page is asked for first, and opens from what is kept where nobody answers.
 * - `asset`: a built file; its name carries its hash, so that what is kept can't be wrong.
 * - `untouched`: all the rest. Questions, sessions, figures and files of people never come near the cache.
 */
export function wayOf({ method, mode, url }: Asked, origin: string): Way {
  const { origin: asked, pathname } = new URL(url);
  if (method !== 'GET' || asked !== origin) return 'untouched';
  if (pathname.startsWith('/assets/')) return 'asset';
  if (mode !== 'navigate' || !isPage(pathname)) return 'untouched';
  return pathname === '/board' ? 'shell' : 'page';
}

const notPages = ['graphql', 'session', 'healthz', 'readyz', 'metrics'];

function isPage(pathname: string): boolean {
  const [, first = ''] = pathname.split('/');
  // The code of an area has dots too, and no letters.
  return !notPages.includes(first) && !/\.[a-z]\w*$/i.test(pathname);
}
