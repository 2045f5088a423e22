import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type OtherPages, watchSession } from '#client/live/watch-session.ts';
import type { TypedDocument } from '#client/wire/document.ts';
import { createSessions } from '#client/wire/session.ts';
import { openSocket } from '#client/wire/socket.ts';
import { until } from '#test/support/wait.ts';
import { type Message, sendFrame, startFrameServer } from '#test/wire/frame-server.ts';

const camat = { username: 'district', role: 'DISTRICT', area: { code: '12.71.14', name: 'Medan Tembung' } };
const lurah = { username: 'village', role: 'VILLAGE', area: { code: '12.71.14.1001', name: 'Indra Kasih' } };

/** The cookie that all pages of a browser share, as the server sees it. */
let cookie: object | null;
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  vi.unstubAllGlobals();
});

const staff = 'a'.repeat(64);
const documentOf = (hash: string) => ({ __meta__: { hash } }) as TypedDocument<object, Record<string, never>>;
const isStaff = ({ payload }: Message) => payload?.extensions?.persistedQuery?.sha256Hash === staff;

/** A page at which the camat has signed in, following on a real socket whose server refuses whoever has no cookie. */
async function openPage() {
  cookie = camat;
  const asked: string[] = [];
  vi.stubGlobal('fetch', (_: string, { method }: { method: string }) => {
    asked.push(method);
    if (method === 'DELETE') cookie = null;
    return Promise.resolve(
      cookie === null ? new Response('{}', { status: method === 'GET' ? 401 : 204 }) : Response.json(cookie),
    );
  });
  const peers: import('ws').WebSocket[] = [];
  const followed: (() => void)[] = [];
  const server = await startFrameServer(0, (message: Message, peer) => {
    peers.push(peer);
    const refuse = () =>
      peer.send(JSON.stringify({ id: message.id, type: 'next', payload: { data: null, errors: [{}] } }));
    followed.push(refuse);
    if (cookie === null && isStaff(message)) refuse();
    else sendFrame(message, peer, {});
  });
  const socket = openSocket({
    url: `ws://127.0.0.1:${server.port}/`,
    webSocketImpl: WebSocket,
    random: () => 0,
  });
  const sessions = createSessions(() => undefined);
  const otherPages: OtherPages & { told: number } = {
    told: 0,
    postMessage: () => void otherPages.told++,
    onmessage: null,
  };
  watchSession({ sessions, socket, otherPages });
  await sessions.read();
  let frames = 0;
  socket.follow(documentOf(staff), {}, () => ++frames > 0);
  // Keeps the connection whatever becomes of the other.
  socket.follow(documentOf('b'.repeat(64)), {}, () => ++frames > 0);
  ends.push(server.stop, () => socket.close());
  await until('the first frames', () => frames > 1);
  return { sessions, otherPages, asked, peers, followed, kind: () => sessions.session.get().kind };
}

test('[PAG-13] a page whose connection comes back asks at once who this is, and nobody is nobody', async () => {
  const page = await openPage();
  cookie = null;
  page.peers[0]?.close(4401, 'Unauthorized');
  await until('the session to be over', () => page.kind() === 'nobody');
});

test('[PAG-13] a refused frame on a connection that stands makes the page ask too', async () => {
  const page = await openPage();
  cookie = null;
  page.followed[0]?.();
  await until('the session to be over', () => page.kind() === 'nobody');
});

test('[PAG-13] whoever signed in meanwhile is who sits at the page', async () => {
  const page = await openPage();
  cookie = lurah;
  page.peers[0]?.close(4401, 'Unauthorized');
  await until('the other person', () => {
    const session = page.sessions.session.get();
    return session.kind === 'person' && session.person.username === 'village';
  });
});

test('[PAG-13] signing out and in is told to the other pages, and what they tell is asked of the server', async () => {
  const page = await openPage();
  const told = page.otherPages.told;
  await page.sessions.signOut();
  expect(page.otherPages.told).toBe(told + 1);
  cookie = camat;
  page.otherPages.onmessage?.(new MessageEvent('message'));
  await until('the person', () => page.kind() === 'person');
  expect(page.otherPages.told).toBe(told + 2);
  page.otherPages.onmessage?.(new MessageEvent('message'));
  await until('the question', () => page.asked.filter((method) => method === 'GET').length === 3);
  expect(page.otherPages.told).toBe(told + 2);
});

test('[PAG-13] a page at which nobody sits asks nothing when its connection comes back', async () => {
  const page = await openPage();
  await page.sessions.signOut();
  const asked = page.asked.length;
  page.peers[0]?.close(4401, 'Unauthorized');
  await until('the connection to be back', () => page.followed.length > 3);
  expect(page.asked.length).toBe(asked);
});
