/**
 * Keeps a page's word of who sits at it true while it stands open: asks the server at once when a connection that was
 * down is back, when an answer was refused, and when another page of this browser says that somebody signed in or out.
 * Somebody who is gone, or somebody else, shows in the session; the pages follow it.
 *
 * The other pages are told nothing but that there is something to ask: who it is, only the server says.
 */
import type { Session, Sessions } from '#client/wire/session.ts';
import type { Socket } from '#client/wire/socket.ts';

/** The pages of one browser that share its cookie; a `BroadcastChannel`. */
export interface OtherPages {
  postMessage(message: null): void;
  onmessage: ((event: MessageEvent) => unknown) | null;
}

interface Watched {
  readonly sessions: Sessions;
  readonly socket: Pick<Socket, 'connection' | 'refusals'>;
  readonly otherPages: OtherPages;
}

/** Watches for as long as the page lives. A page at which nobody sits, such as a board, asks nothing. */
export function watchSession({ sessions, socket, otherPages }: Watched): void {
  const { session } = sessions;
  let wasDown = false;
  let before = session.get();

  function ask(): void {
    if (session.get().kind === 'person') void sessions.read();
  }

  socket.connection.subscribe(() => {
    const state = socket.connection.get();
    if (state === 'open' && wasDown) ask();
    wasDown = state === 'down' || (wasDown && state !== 'open');
  });
  socket.refusals.subscribe(ask);

  session.subscribe(() => {
    const now = session.get();
    if (sitsAt(before) !== sitsAt(now)) otherPages.postMessage(null);
    before = now;
  });
  otherPages.onmessage = () => {
    // Also a page at the door: whoever signed in next to it has signed in here.
    if (session.get().kind !== 'unknown') void sessions.read();
  };
}

function sitsAt(session: Session): string {
  return session.kind === 'person' ? `${session.person.role} ${session.person.username}` : '';
}
