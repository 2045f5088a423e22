/**
 * The service worker: a board that is reloaded while the server is away opens all the same. It keeps the one document
 * of all pages and the files that the board is built from, under the name of their build; the last picture is kept by
 * the page itself (`client/live/last-picture.ts`).
 *
 * A new build is kept whole before it takes over, and then the one before is dropped: a screen runs one build or the
 * other, never halves. Whether to reload is for the page to say (`client/wire/new-build.ts`).
 *
 * It never keeps an answer of `/graphql`, a session, a figure or a file of anybody's: `way-of.ts` names all that it
 * touches. It is there in secure contexts only (https, localhost); elsewhere the page goes without.
 */
import { wayOf } from './way-of.ts';

/** Put before this file by the build. */
declare const KEPT: { readonly build: string; readonly files: readonly string[] };

const scope = self as unknown as ServiceWorkerGlobalScope;
const shell = '/';
const cacheName = `build ${KEPT.build}`;
const answerWithinMs = 3_000;

scope.addEventListener('install', (event) => {
  event.waitUntil(keepAll().then(() => scope.skipWaiting()));
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(dropOthers().then(() => scope.clients.claim()));
});

scope.addEventListener('fetch', (event) => {
  const way = wayOf(event.request, scope.location.origin);
  if (way === 'asset') event.respondWith(asset(event.request));
  if (way === 'shell') event.respondWith(kept(shell).then((found) => found ?? fetch(event.request)));
  if (way === 'page') event.respondWith(page(event.request));
});

async function keepAll(): Promise<void> {
  const cache = await caches.open(cacheName);
  const document = await fetch(shell, { cache: 'no-store' });
  // The server may have moved on since it gave this worker out; then the next worker is the right one.
  if (!(await document.clone().text()).includes(KEPT.build)) throw new Error('the page is of another build');
  await cache.put(shell, document);
  await cache.addAll([...KEPT.files]);
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
}

async function kept(path: string): Promise<Response | undefined> {
  const cache = await caches.open(cacheName);
  return cache.match(path);
}

async function asset(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const found = await kept(pathname);
  if (found !== undefined) return found;
  const answer = await fetch(request);
  if (answer.ok && answer.type === 'basic') {
    const cache = await caches.open(cacheName);
    await cache.put(pathname, answer.clone());
  }
  return answer;
}

async function page(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(answerWithinMs) });
    if (answer.status < 500) return answer;
    return (await kept(shell)) ?? answer;
  } catch (error) {
    const found = await kept(shell);
    if (found === undefined) throw error;
    return found;
  }
}
