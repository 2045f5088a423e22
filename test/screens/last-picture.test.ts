import { beforeEach, expect, test } from 'vitest';
import { createKeeper, readLastPicture } from '#client/live/last-picture.ts';
import { pictureAt } from './picture.ts';

const city = 'TotalsFrame:city:DISTRICT:a-hash';

beforeEach(() => localStorage.clear());

test('[LIV-67] the last picture is kept at most every five seconds, and the very last on leaving', () => {
  const keeper = createKeeper(localStorage, city);
  keeper.keep({ picture: pictureAt(1), keptAtMs: 10_000 });
  keeper.keep({ picture: pictureAt(2), keptAtMs: 12_000 });
  expect(readLastPicture(localStorage, city, 20_000)?.picture.revision).toBe(1);
  keeper.keep({ picture: pictureAt(3), keptAtMs: 15_000 });
  expect(readLastPicture(localStorage, city, 20_000)?.picture.revision).toBe(3);
  keeper.keep({ picture: pictureAt(4), keptAtMs: 16_000 });
  keeper.flush();
  expect(readLastPicture(localStorage, city, 20_000)).toEqual({ picture: pictureAt(4), keptAtMs: 16_000 });
});

test('[LIV-67] a picture of another subject, from the future or unreadable is no picture', () => {
  const keeper = createKeeper(localStorage, city);
  keeper.keep({ picture: pictureAt(1), keptAtMs: 10_000 });
  expect(readLastPicture(localStorage, 'TotalsFrame:city:whole:a-hash', 20_000)).toBeNull();
  expect(readLastPicture(localStorage, city, 9_000)).toBeNull();
  for (const slot of Object.keys(localStorage)) localStorage.setItem(slot, '{"picture":{}');
  expect(readLastPicture(localStorage, city, 20_000)).toBeNull();
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
  const keeper = createKeeper(forbidden, city);
  expect(() => keeper.keep({ picture: pictureAt(1), keptAtMs: 10_000 })).not.toThrow();
  expect(readLastPicture(forbidden, city, 20_000)).toBeNull();
});
