import { ApolloProvider } from '@apollo/client/react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { LanguageProvider } from '#client/design/language.tsx';
import { SocketContext } from '#client/live/socket-context.ts';
import { Stage } from '#client/screens/board/stage.tsx';
import { createApollo } from '#client/wire/client.ts';
import type { PictureFragment } from '#client/wire/generated/graphql.ts';
import { openSocket } from '#client/wire/socket.ts';
import { until } from '#test/support/wait.ts';
import { sendFrame, startFrameServer } from '#test/wire/frame-server.ts';
import { pictureAt } from './picture.ts';

/** What the page says of itself at one moment. */
interface Drawn {
  readonly epoch: string | undefined;
  readonly revision: number;
  readonly state: string | undefined;
  readonly total: number;
  readonly spoken: string | null;
  readonly rows: Record<string, number>;
}

const closing: (() => unknown)[] = [];
let page: HTMLElement;
let drawn: Drawn[];
let send: (frame: PictureFragment) => void;

function draw(): Drawn | null {
  const main = page.querySelector('main');
  const hero = page.querySelector<HTMLElement>('[data-total]');
  if (main === null || hero === null) return null;
  const rows: Record<string, number> = {};
  for (const row of page.querySelectorAll<HTMLElement>('[data-area]')) {
    rows[row.dataset.area ?? ''] = Number(row.dataset.enrolled);
  }
  const { epoch, revision, state } = main.dataset;
  return {
    epoch,
    revision: Number(revision),
    state,
    total: Number(hero.dataset.total),
    spoken: hero.textContent,
    rows,
  };
}

/** What a page that draws `picture` says of itself. */
function truthOf({ epoch, revision, whole, parts }: PictureFragment, state: string): Drawn {
  const total = whole.totals.enrolled;
  const ranked = parts.filter(({ rank }) => rank !== null);
  return {
    epoch,
    revision,
    state,
    total,
    spoken: total.toLocaleString('id-ID'),
    rows: Object.fromEntries(ranked.map(({ area, totals }) => [area.code, totals.enrolled])),
  };
}

/** A real socket server that sends the frames it is given, and the page on the other end of it. */
beforeEach(async () => {
  localStorage.clear();
  drawn = [];
  send = () => undefined;
  const server = await startFrameServer(0, (message, peer) => {
    send = (frame) => sendFrame(message, peer, frame);
    send(pictureAt(1, { kind: 'SNAPSHOT' }));
  });
  closing.push(() => server.stop());

  const socket = openSocket({
    url: `ws://127.0.0.1:${server.port}/`,
    webSocketImpl: WebSocket,
    random: () => 0,
  });
  closing.push(() => socket.close());
  page = document.createElement('div');
  document.body.append(page);
  const observer = new MutationObserver(() => {
    const now = draw();
    if (now !== null) drawn.push(now);
  });
  observer.observe(page, { attributes: true, childList: true, characterData: true, subtree: true });
  closing.push(() => observer.disconnect());
  const root = createRoot(page);
  closing.push(() => root.unmount());
  root.render(
    <ApolloProvider client={createApollo()}>
      <LanguageProvider language="id">
        <SocketContext value={socket}>
          <Stage cue={{ scene: 'totals', level: null }} safe={5} />
        </SocketContext>
      </LanguageProvider>
    </ApolloProvider>,
  );
  await until('the first picture', () => draw()?.revision === 1);
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  page.remove();
});

test('[BRD-11] the root says which (epoch, revision) the page shows, and every number under it is of that revision', async () => {
  expect(draw()).toEqual(truthOf(pictureAt(1), 'live'));
  expect(page.querySelector('main')?.dataset.asOf).toBe(pictureAt(1).asOf);
  expect(page.querySelector('main')?.dataset.mode).toBe('demo');
});

test('[LIV-68] a frame changes everything in one commit: no moment mixes two revisions', async () => {
  for (let revision = 2; revision <= 25; revision++) {
    send(pictureAt(revision));
    await until(`revision ${revision}`, () => draw()?.revision === revision);
  }
  expect(new Set(drawn.map(({ revision }) => revision)).size).toBeGreaterThan(20);
  for (const moment of drawn) expect(moment).toEqual(truthOf(pictureAt(moment.revision), 'live'));
});

test('[LIV-64] stale frames and foreign epochs leave no trace on the page', async () => {
  send(pictureAt(20));
  for (const revision of [3, 19, 1]) send(pictureAt(revision));
  send(pictureAt(90, { epoch: 'second' }));
  send(pictureAt(21));
  await until('the newest frame', () => draw()?.revision === 21);
  const revisions = drawn.map(({ revision }) => revision);
  expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
  expect(new Set(drawn.map(({ epoch }) => epoch))).toEqual(new Set(['first']));
});

test('[LIV-62] a snapshot of a new epoch replaces the whole picture, though its revision is lower', async () => {
  send(pictureAt(20));
  await until('the old epoch', () => draw()?.revision === 20);
  const reset = pictureAt(2, { epoch: 'second', kind: 'SNAPSHOT' });
  send(reset);
  await until('the new epoch', () => draw()?.epoch === 'second');
  expect(draw()).toEqual(truthOf(reset, 'live'));
});

test('[LIV-63] a heartbeat moves the time and nothing else', async () => {
  const before = page.querySelector('[data-total]')?.innerHTML;
  send(pictureAt(1, { kind: 'HEARTBEAT', asOf: '2025-10-29T01:30:12.000Z' }));
  await until(
    'the later time',
    () => page.querySelector('main')?.dataset.asOf === '2025-10-29T01:30:12.000Z',
  );
  expect(draw()).toEqual(truthOf(pictureAt(1), 'live'));
  expect(page.querySelector('[data-total]')?.innerHTML).toBe(before);
});

test('[LIV-65] frozen and suspended figures stand and say so, and go on when they are let go', async () => {
  send(pictureAt(5));
  send(pictureAt(5, { kind: 'FROZEN' }));
  await until('the freeze', () => draw()?.state === 'frozen');
  expect(page.textContent).toContain('dibekukan');
  send(pictureAt(4, { kind: 'SUSPENDED' }));
  await until('the suspension', () => draw()?.state === 'suspended');
  expect(draw()).toEqual(truthOf(pictureAt(5), 'suspended'));
  expect(page.textContent).toContain('ditangguhkan');
  send(pictureAt(9, { kind: 'SNAPSHOT' }));
  await until('the release', () => draw()?.state === 'live');
  expect(draw()).toEqual(truthOf(pictureAt(9), 'live'));
});

test('[BRD-6] a number that falls says why on the page', async () => {
  const area = { code: '12.71.14', name: 'Medan Tembung' };
  const recent = [{ revision: 2, delta: -1, reason: 'DATA_CORRECTION' as const, area }];
  send(pictureAt(2, { recent }));
  await until('the reason', () => page.textContent?.includes('−1 Medan Tembung · data dikoreksi'));
});

test('[BRD-13] simulated figures and a rehearsal are marked, real ones are not', async () => {
  expect(page.textContent).toContain('DATA SIMULASI');
  send(pictureAt(2, { mode: 'REHEARSAL' }));
  await until('the rehearsal', () => page.textContent?.includes('GLADI BERSIH'));
  send(pictureAt(3, { mode: 'LIVE' }));
  await until('the real program', () => page.querySelector('main')?.dataset.mode === 'live');
  expect(page.textContent).not.toMatch(/GLADI BERSIH|DATA SIMULASI/);
});
