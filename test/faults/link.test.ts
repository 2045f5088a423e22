/**
 * A bad link between the real server and who follows it: a board in a real browser and a client of `client/wire` in
 * this process, through the same proxy. While the link is bad people are enrolled behind it, so that what was shown
 * before is not true after it.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { acceptFrame, type FrameHead } from '#client/live/accept-frame.ts';
import { quietAfterMs } from '#client/live/watchdog.ts';
import { FollowTotalsDocument } from '#client/wire/generated/graphql.ts';
import { openSocket, type Socket } from '#client/wire/socket.ts';
import { launchBrowser } from '#test/support/browser.ts';
import { enrollInput, sendEnroll } from '#test/support/enroll.ts';
import { copyOfDemonstration } from '#test/support/loaded-demonstration.ts';
import { type Product, startProduct } from '#test/support/product.ts';
import { QuietWebSocket } from '#test/support/quiet-web-socket.ts';
import { compareShown } from '#test/support/shown-truth.ts';
import { until } from '#test/support/wait.ts';
import { readMisfits, WALLS } from '#test/support/wall.ts';
import { type LinkProxy, startProxy } from './proxy.ts';
import { faultsSeed, isLong, seededRandom } from './seed.ts';
import { openWatchedBoard, type Sample, type WatchedBoard } from './watched-board.ts';

const afterCutMs = 6_000;
const afterSilenceMs = 25_000;
/** A tick of the page's clock and a sample. */
const slackMs = 1_000;

const random = seededRandom(faultsSeed);
let folder: ReturnType<typeof copyOfDemonstration>;
let product: Product;
let proxy: LinkProxy;
let browser: Browser;
let board: WatchedBoard;
let socket: Socket;
let held: FrameHead | null = null;
let enrolled = 0;

beforeAll(async () => {
  folder = copyOfDemonstration(inject('loadedDemonstration'));
  [product, browser] = await Promise.all([startProduct(folder.dataDir), launchBrowser()]);
  proxy = await startProxy({ to: Number(new URL(product.url).port), seed: faultsSeed });
  const context = await browser.newContext({ viewport: { width: 1024, height: 576 } });
  board = await openWatchedBoard(context, proxy.url);
  socket = openSocket({ url: `${proxy.url.replace('http', 'ws')}/graphql`, webSocketImpl: QuietWebSocket });
  socket.follow(FollowTotalsDocument, { area: null, parts: 'DISTRICT' }, ({ totalsChanged: frame }) => {
    const isValid = acceptFrame(held, frame) !== 'drop';
    if (isValid) held = frame;
    return isValid;
  });
});
afterAll(async () => {
  socket?.close();
  await browser?.close();
  await proxy?.close();
  await product?.stop();
  folder?.remove();
});
beforeEach(async () => {
  await proxy.restore();
  await Promise.all([board.isTrue(0, 30_000), until('the client to be there', () => held)]);
});

/** One more on the ledger; gives its revision. */
async function enroll(): Promise<number> {
  const { revision } = await sendEnroll(product.ask, enrollInput(++enrolled), product.key('bpjs'));
  return revision;
}

async function pass(ms: number): Promise<void> {
  const untilMs = performance.now() + ms;
  await until('the time of the fault to pass', () => performance.now() >= untilMs, ms + 5_000);
}

/** The link is mended: both are at `revision`, or else it took too long. Milliseconds that it took. */
async function recover(revision: number, withinMs: number): Promise<number> {
  await proxy.restore();
  const startedAt = performance.now();
  const client = until('the client to be at the newest', () => (held?.revision ?? 0) >= revision, withinMs);
  const [ms] = await Promise.all([board.isTrue(revision, withinMs), client]);
  return Math.max(ms, performance.now() - startedAt);
}

function expectNeverBlank(samples: readonly Sample[]): void {
  expect(samples.length).toBeGreaterThan(20);
  expect(samples.filter(({ total, corner }) => total === null || !corner.includes('per '))).toEqual([]);
}

/** From the moment at which it has to be known: not called live, and an age that counts up. */
function expectHonest(samples: readonly Sample[]): void {
  expect(samples.length).toBeGreaterThan(0);
  for (const { state, corner } of samples) {
    expect(['catching-up', 'lost']).toContain(state);
    expect(corner).toMatch(/\d+ (dtk|mnt|jam) .*lalu/);
  }
}

const rounds = isLong ? 10 : 1;
/** How long each fault lasts, in milliseconds: from and up to; in the short form always the first. */
const lasts: Readonly<Record<'cut' | 'blackHole' | 'hang', readonly [number, number]>> = {
  cut: isLong ? [2_000, 30_000] : [12_000, 12_000],
  blackHole: isLong ? [15_000, 75_000] : [quietAfterMs + 2 * slackMs, quietAfterMs + 2 * slackMs],
  hang: isLong ? [5_000, 65_000] : [6_000, 6_000],
};

const between = ([from, to]: readonly [number, number]) => from + random() * (to - from);

/** More than all the waits of a test: one that went over would go on while the next one spoils its own link. */
function limit(fault: keyof typeof lasts, withinMs: number) {
  return { timeout: 60_000 + rounds * (lasts[fault][1] + 2 * withinMs + 10_000) };
}

test(
  '[LNK-10] [LNK-13] after the link was cut for 12 s everyone is true again within 6 s, by themselves, and the page was never blank',
  limit('cut', afterCutMs),
  async () => {
    for (let round = 0; round < rounds; round++) {
      const cutAt = Date.now();
      await proxy.cut();
      const revision = await enroll();
      await pass(between(lasts.cut));
      const during = await board.since(cutAt);
      expect(await recover(revision, afterCutMs)).toBeLessThan(afterCutMs);
      expectNeverBlank(await board.since(cutAt));
      expectHonest(during.filter(({ atMs }) => atMs > cutAt + slackMs));
    }
    expect(board.loads).toBe(1);
  },
);

test(
  '[LNK-11] [LNK-13] out of a black hole everyone is true again within 25 s, and the page has said how old it is',
  limit('blackHole', afterSilenceMs),
  async () => {
    for (let round = 0; round < rounds; round++) {
      const lostAt = Date.now();
      proxy.blackHole();
      const revision = await enroll();
      await pass(between(lasts.blackHole));
      const during = await board.since(lostAt);
      expect(await recover(revision, afterSilenceMs)).toBeLessThan(afterSilenceMs);
      expectNeverBlank(await board.since(lostAt));
      expectHonest(during.filter(({ atMs }) => atMs > lostAt + quietAfterMs + slackMs));
    }
    expect(board.loads).toBe(1);
  },
);

test(
  '[LNK-12] [LNK-13] after a proxy that accepted and hung everyone is true again within 25 s',
  limit('hang', afterSilenceMs),
  async () => {
    for (let round = 0; round < rounds; round++) {
      const hungAt = Date.now();
      proxy.hang();
      const revision = await enroll();
      await pass(between(lasts.hang));
      const during = await board.since(hungAt);
      expect(await recover(revision, afterSilenceMs)).toBeLessThan(afterSilenceMs);
      expectNeverBlank(await board.since(hungAt));
      expectHonest(during.filter(({ atMs }) => atMs > hungAt + slackMs));
    }
    expect(board.loads).toBe(1);
  },
);

test('[LNK-14] [BRD-53] where sockets do not come through the board asks every five seconds, says so, and goes back to the socket', async () => {
  proxy.refuseUpgrades();
  const state = () => board.page.getAttribute('[data-state]', 'data-state');
  await until('the board to ask', async () => (await state()) === 'polling', 20_000);
  expect(await board.page.innerText('aside')).toContain('diperbarui tiap 5 detik');
  for (const [width, height] of [...WALLS, [1024, 576]] as const) {
    await board.page.setViewportSize({ width, height });
    // Digits and rows that are on their way to a figure come to rest first.
    await expect
      .poll(() => readMisfits(board.page, `polling ${width}x${height}`), { timeout: 5_000 })
      .toEqual([]);
  }
  const askedAt = Date.now();
  const revision = await enroll();
  const shown = async () => Number(await board.page.getAttribute('[data-state]', 'data-revision'));
  await until('the new figure', async () => (await shown()) >= revision, 8_000);
  expect(new Set((await board.since(askedAt)).map((sample) => sample.state))).toEqual(new Set(['polling']));
  expect(await recover(await enroll(), afterCutMs)).toBeLessThan(afterCutMs);
});

test('[LNK-15] through slices, delay and resets nobody shows an untrue number, and all are true again after it', async () => {
  proxy.worsen({ latencyMs: 40, jitterMs: 80, sliceBytes: 500, resetChance: 0.02 });
  let revision = 0;
  for (let count = 0; count < (isLong ? 600 : 25); count++) {
    revision = await enroll();
    await pass(100);
  }
  expect(await recover(revision, afterCutMs)).toBeLessThan(afterCutMs);
  expect(board.loads).toBe(1);
});

test('[LIV-31] [LIV-32] every number that the board drew through all of this equals the ledger at its revision', async () => {
  // How many were drawn while the link was bad is chance: some more, so that there is enough to compare.
  for (let more = 0; more < 12; more++) await board.isTrue(await enroll(), afterCutMs);
  const drawn = await board.drawn();
  expect(new Set(drawn.map((each) => each.revision)).size).toBeGreaterThan(10);
  expect((await compareShown(product, drawn, [])).untrue).toEqual([]);
});
