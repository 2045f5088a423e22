/**
 * Brings a new build to screens that nobody touches.
 *
 * Whenever a connection opens, and every quarter of an hour, the page asks which build is served (`/build.txt`). If it
 * is another, the service worker first takes the whole of it in; where there is none (plain HTTP in a local network)
 * the server that has just answered gives it. Then the page reloads, if it may: a board may, because it has kept its
 * picture and shows it at once; a page that somebody works in waits for its next opening, or until it lacks a file of
 * its own build that the server no longer has.
 *
 * A page reloads for a build at most once, so that servers of two builds side by side do not make it restless.
 */
import type { Clock } from './clock.ts';
import type { Connection } from './socket.ts';
import type { Store } from './store.ts';

const checkEveryMs = 15 * 60_000;
/** Spread over so long, so that a hall of screens does not ask at once. */
const spreadMs = 3_000;
const takeInWithinMs = 60_000;
const triedKey = 'builds tried';

interface Watched {
  readonly connection: Store<Connection>;
  readonly clock: Clock;
  /** Whether the page as it stands loses nothing by being reloaded. */
  readonly mayReload: () => boolean;
}

export function watchBuild({ connection, clock, mayReload }: Watched): void {
  const own = document.querySelector<HTMLMetaElement>('meta[name="build"]')?.content;
  if (own === undefined) return;
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  const registering = workers?.register('/worker.js', { updateViaCache: 'none' }).catch(() => undefined);
  let isChecking = false;

  async function check(isNeeded: boolean): Promise<void> {
    if (isChecking) return;
    isChecking = true;
    try {
      const served = await askBuild();
      if (served === null || served === own || hasTried(served)) return;
      await takeIn(served);
      if (!isNeeded && !mayReload()) return;
      noteTried(served);
      window.location.reload();
    } finally {
      isChecking = false;
    }
  }

  /** Returns once the new build is kept, or cannot be: then the reload gets it from the server. */
  async function takeIn(served: string): Promise<void> {
    const registration = await registering;
    if (registration === undefined) return;
    await registration.update().catch(() => undefined);
    const untilMs = clock.now() + takeInWithinMs;
    while (clock.now() < untilMs && !(await isKept(registration, served))) {
      await new Promise<void>((resolve) => clock.after(200, resolve));
    }
  }

  const soon = () => clock.after(Math.random() * spreadMs, () => void check(false));
  connection.subscribe(() => connection.get() === 'open' && soon());
  clock.every(checkEveryMs, soon);
  window.addEventListener('vite:preloadError', () => void check(true));
}

async function isKept(registration: ServiceWorkerRegistration, build: string): Promise<boolean> {
  const isSettled = registration.installing === null && registration.waiting === null;
  return isSettled && registration.active?.state === 'activated' && caches.has(`build ${build}`);
}

async function askBuild(): Promise<string | null> {
  try {
    const response = await fetch('/build.txt', { cache: 'no-store', signal: AbortSignal.timeout(5_000) });
    return response.ok ? (await response.text()).trim() : null;
  } catch {
    return null;
  }
}

function hasTried(build: string): boolean {
  return tried().includes(build);
}

function noteTried(build: string): void {
  try {
    sessionStorage.setItem(triedKey, [...tried(), build].slice(-20).join(' '));
  } catch {
    // Without storage a screen may reload once more than it has to.
  }
}

function tried(): string[] {
  try {
    return (sessionStorage.getItem(triedKey) ?? '').split(' ');
  } catch {
    return [];
  }
}
