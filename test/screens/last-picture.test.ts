import { beforeEach, expect, test } from 'vitest';
import { createKeeper, readLastPicture, type Shelf } from '#client/live/last-picture.ts';
import { readPicture } from '#client/live/read-picture.ts';
import type { PictureFragment } from '#client/wire/generated/graphql.ts';
import { pictureAt } from './picture.ts';

const slot = 'TotalsFrame:city:DISTRICT:a-hash';
const city: Shelf<PictureFragment> = { storage: localStorage, slot, read: readPicture };

beforeEach(() => localStorage.clear());

test('[LIV-67] the last picture is kept at most every five seconds, and the very last on leaving', () => {
  const keeper = createKeeper(city);
  keeper.keep({ picture: pictureAt(1), asOfAtMs: 10_000 });
  keeper.keep({ picture: pictureAt(2), asOfAtMs: 12_000 });
  expect(readLastPicture(city, 20_000)?.picture.revision).toBe(1);
  keeper.keep({ picture: pictureAt(3), asOfAtMs: 15_000 });
  expect(readLastPicture(city, 20_000)?.picture.revision).toBe(3);
  keeper.keep({ picture: pictureAt(4), asOfAtMs: 16_000 });
  keeper.flush();
  expect(readLastPicture(city, 20_000)).toEqual({ picture: pictureAt(4), asOfAtMs: 16_000 });
});

test('[LIV-67] a picture of another subject, from the future or unreadable is no picture', () => {
  const keeper = createKeeper(city);
  keeper.keep({ picture: pictureAt(1), asOfAtMs: 10_000 });
  expect(readLastPicture({ ...city, slot: 'TotalsFrame:city:whole:a-hash' }, 20_000)).toBeNull();
  expect(readLastPicture(city, 9_000)).toBeNull();
  for (const slot of Object.keys(localStorage)) localStorage.setItem(slot, '{"picture":{}');
  expect(readLastPicture(city, 20_000)).toBeNull();
});

test('[LIV-67] a kept picture of which any piece is missing or of another kind is none; what is strange in it is left out', () => {
  const sound = pictureAt(4);
  const keep = (picture: unknown) =>
    localStorage.setItem(slot, JSON.stringify({ picture, asOfAtMs: 10_000 }));
  const broken: unknown[] = [
    null,
    { ...sound, whole: undefined },
    { ...sound, revision: '4' },
    { ...sound, revision: -1 },
    { ...sound, kind: 'NEWS' },
    { ...sound, asOf: 'yesterday' },
    { ...sound, parts: { length: 3 } },
    { ...sound, parts: [null] },
    { ...sound, parts: Array.from({ length: 301 }, () => sound.parts[0]) },
    { ...sound, recent: [{ revision: 1, delta: 0.5, reason: null, area: { code: '1', name: 'a' } }] },
    { ...sound, whole: { ...sound.whole, totals: { ...sound.whole.totals, enrolled: null } } },
  ];
  for (const picture of broken) {
    keep(picture);
    expect(readLastPicture(city, 20_000)).toBeNull();
  }
  keep({ ...sound, script: 'strange' });
  expect(readLastPicture(city, 20_000)?.picture).toEqual(sound);
});

test('[LIV-67] storage that is full or forbidden does not stop the board', () => {
  const forbidden = {
    getItem: () => {
      throw new Error('forbidden');
    },
    setItem: () => {
      throw new Error('full');
    },
  } as unknown as Storage;
  const keeper = createKeeper({ ...city, storage: forbidden });
  expect(() => keeper.keep({ picture: pictureAt(1), asOfAtMs: 10_000 })).not.toThrow();
  expect(readLastPicture({ ...city, storage: forbidden }, 20_000)).toBeNull();
});
