import { expect, test } from 'vitest';
import {
  createTicker,
  fallStaysMs,
  type Movements,
  nextDueMs,
  type Source,
  show,
  type Ticker,
  take as takeSource,
} from '#client/parts/ticker.ts';
import type { FallReason } from '#client/wire/generated/graphql.ts';

/** Takes in a picture that is not being loaded, unless it says so. */
function take(ticker: Ticker, picture: Omit<Source, 'isLoading'>, isLoading = false): Ticker {
  return takeSource(ticker, { ...picture, isLoading });
}

function movement(
  revision: number,
  name: string,
  delta = 1,
  reason: FallReason | null = null,
): Movements[number] {
  return { revision, delta, reason, area: { code: name, name: `Medan ${name}` } };
}

function started(recent: Movements = [], revision = 10): Ticker {
  return take(createTicker(3), { epoch: 'a', revision, recent });
}

function shownNames({ places }: Ticker): (string | undefined)[] {
  return places.map((notice) => notice?.name ?? undefined);
}

/** Plays the ticker on its own due times up to `untilMs`, and tells what was put on show, in order. */
function play(ticker: Ticker, untilMs: number): { ticker: Ticker; told: string[] } {
  const told: string[] = [];
  let now = ticker;
  for (let due = nextDueMs(now); due !== null && due <= untilMs; due = nextDueMs(now)) {
    const next = show(now, due);
    const fresh = next.places.find((notice, place) => notice !== now.places[place]);
    if (fresh) told.push(`${fresh.delta} ${fresh.name}`);
    now = next;
  }
  return { ticker: now, told };
}

test('[BRD-5] rises of one district add up while they wait', () => {
  let ticker = show(started([movement(10, 'Kota')]), 0);
  for (let revision = 11; revision <= 60; revision++) {
    const name = revision % 2 === 0 ? 'Deli' : 'Baru';
    ticker = take(ticker, { epoch: 'a', revision, recent: [movement(revision, name)] });
  }
  expect(play(ticker, 60_000).told).toEqual(['25 Medan Baru', '25 Medan Deli']);
});

test('[BRD-5] a flow of fifty a second changes the line about once in one and a half seconds', () => {
  let ticker = started();
  let changes = 0;
  for (let ms = 0; ms < 16_000; ms += 20) {
    const revision = 11 + ms / 20;
    ticker = take(ticker, {
      epoch: 'a',
      revision,
      recent: [movement(revision, `District ${revision % 21}`)],
    });
    const next = show(ticker, ms);
    if (next !== ticker) changes++;
    ticker = next;
  }
  expect(changes).toBeLessThanOrEqual(11);
  expect(ticker.rises.size).toBeLessThanOrEqual(21);
});

test('[BRD-5] the oldest place is taken by the newest notice', () => {
  let ticker = started();
  ['Kota', 'Deli', 'Baru', 'Area'].forEach((name, index) => {
    const revision = 11 + index;
    ticker = show(take(ticker, { epoch: 'a', revision, recent: [movement(revision, name)] }), index * 2_000);
  });
  expect(shownNames(ticker)).toEqual(['Medan Area', 'Medan Deli', 'Medan Baru']);
});

test('[BRD-6] a fall is shown at once with its reason and stays at least eight seconds, whatever rises meanwhile', () => {
  expect(fallStaysMs).toBeGreaterThanOrEqual(8_000);
  let ticker = take(started(), {
    epoch: 'a',
    revision: 11,
    recent: [movement(11, 'Tembung', -1, 'DATA_CORRECTION')],
  });
  ticker = show(ticker, 0);
  expect(ticker.fall).toMatchObject({ delta: -1, name: 'Medan Tembung', reason: 'DATA_CORRECTION' });
  for (let ms = 100; ms < fallStaysMs; ms += 100) {
    const revision = 11 + ms / 100;
    const recent = [movement(revision, 'Kota'), movement(revision, 'Deli', -1, 'LEFT_PROGRAM')];
    ticker = show(take(ticker, { epoch: 'a', revision, recent }), ms);
    expect(ticker.fall?.name).toBe('Medan Tembung');
  }
  ticker = show(ticker, fallStaysMs);
  expect(ticker.fall).toMatchObject({ name: 'Medan Deli', reason: 'LEFT_PROGRAM' });
});

test('[BRD-6] a fall that nobody follows goes away by itself', () => {
  const fell = take(started(), {
    epoch: 'a',
    revision: 11,
    recent: [movement(11, 'Kota', -2, 'LEFT_PROGRAM')],
  });
  const { ticker } = play(show(fell, 0), 120_000);
  expect(ticker.fall).toBeNull();
  expect(nextDueMs(ticker)).toBeNull();
});

test('[BRD-6] many falls at once are told as one per reason, with their sum', () => {
  const names = ['Kota', 'Deli', 'Baru', 'Area', 'Timur'];
  const recent = names.map((name) => movement(11, name, -3, 'DATA_CORRECTION'));
  const ticker = show(take(started(), { epoch: 'a', revision: 11, recent }), 0);
  expect(ticker.fall).toMatchObject({ delta: -15, name: null, districts: 5, reason: 'DATA_CORRECTION' });
});

test('[BRD-7] a movement is told once, whoever repeats it', () => {
  const recent = [movement(11, 'Kota', 4), movement(12, 'Deli', -1, 'DATA_CORRECTION')];
  let ticker = take(started(), { epoch: 'a', revision: 12, recent });
  for (let time = 0; time < 5; time++) ticker = take(ticker, { epoch: 'a', revision: 12, recent });
  ticker = take(ticker, { epoch: 'a', revision: 13, recent: [...recent, movement(13, 'Baru')] });
  expect(play(show(ticker, 0), 60_000).told).toEqual(['1 Medan Baru']);
  expect(show(ticker, 0).places[0]).toMatchObject({ delta: 4, name: 'Medan Kota' });
});

test('[BRD-7] a new epoch tells nothing of what it brings along, and everything that follows', () => {
  let ticker = take(started(), {
    epoch: 'b',
    revision: 5,
    recent: [movement(4, 'Kota'), movement(5, 'Deli')],
  });
  expect(nextDueMs(ticker)).toBeNull();
  ticker = take(ticker, { epoch: 'b', revision: 6, recent: [movement(5, 'Deli'), movement(6, 'Baru')] });
  expect(shownNames(show(ticker, 0))[0]).toBe('Medan Baru');
});

test('[BRD-7] while opening figures are loaded nothing is told, then or later', () => {
  const loading = take(createTicker(3), { epoch: 'a', revision: 9, recent: [movement(9, 'Kota', 27)] }, true);
  expect(nextDueMs(loading)).toBeNull();
  const recent = [movement(9, 'Kota', 27), movement(10, 'Deli')];
  expect(shownNames(show(take(loading, { epoch: 'a', revision: 10, recent }), 0))[0]).toBe('Medan Deli');
});
