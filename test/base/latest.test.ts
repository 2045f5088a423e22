import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Latest } from '#server/base/latest.ts';

const DONE = { value: undefined, done: true };

describe('the newest value alone', () => {
  test('[SET-31] a reader that is slow gets the newest and skips the rest', async () => {
    const latest = new Latest<number>();
    expect(latest.put(1)).toBe(false);
    expect(latest.put(2)).toBe(true);
    expect(latest.put(3)).toBe(true);
    expect(await latest.next()).toEqual({ value: 3, done: false });
  });

  test('[SET-31] a reader that waits gets each value as it comes', async () => {
    const latest = new Latest<number>();
    const first = latest.next();
    const second = latest.next();
    latest.put(1);
    latest.put(2);
    expect(await Promise.all([first, second])).toEqual([
      { value: 1, done: false },
      { value: 2, done: false },
    ]);
  });

  test('[SET-32] return() lets go at once of a reader that waits, and says so exactly once', async () => {
    let said = 0;
    const latest = new Latest<number>(() => {
      said += 1;
    });
    const waiting = latest.next();
    expect(await latest.return()).toEqual(DONE);
    expect(await waiting).toEqual(DONE);
    await latest.return();
    expect(said).toBe(1);
    expect(latest.isOpen).toBe(false);
    expect(latest.put(1)).toBe(false);
    expect(await latest.next()).toEqual(DONE);
  });

  test('[SET-32] leaving a loop is a return()', async () => {
    let said = 0;
    const latest = new Latest<number>(() => {
      said += 1;
    });
    latest.put(1);
    for await (const value of latest) {
      expect(value).toBe(1);
      break;
    }
    expect(said).toBe(1);
  });

  test('[SET-32] throw() ends it too, with that error', async () => {
    const latest = new Latest<number>();
    await expect(latest.throw(new Error('gone'))).rejects.toThrow('gone');
    expect(latest.isOpen).toBe(false);
  });

  test('[SET-33] end() delivers what is unread, then it is over', async () => {
    let said = 0;
    const latest = new Latest<number>(() => {
      said += 1;
    });
    latest.put(1);
    latest.end();
    expect(latest.put(2)).toBe(false);
    expect(said).toBe(0);
    expect(await latest.next()).toEqual({ value: 1, done: false });
    expect(said).toBe(1);
    expect(await latest.next()).toEqual(DONE);
  });

  test('[SET-31] in any order of puts and reads nothing goes back and the last put is never lost', async () => {
    const steps = fc.array(fc.constantFrom('put', 'read'), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(steps, async (order) => {
        const latest = new Latest<number>();
        const reads: Promise<IteratorResult<number, undefined>>[] = [];
        let putLast = 0;
        for (const step of order) {
          if (step === 'put') putLast += 1;
          if (step === 'put') latest.put(putLast);
          else reads.push(latest.next());
        }
        latest.end();
        reads.push(latest.next());
        const got = (await Promise.all(reads)).flatMap((result) => (result.done ? [] : [result.value]));
        expect(got).toEqual(got.toSorted((a, b) => a - b));
        expect(new Set(got).size).toBe(got.length);
        expect(got.at(-1) ?? 0).toBe(putLast);
      }),
    );
  });
});
