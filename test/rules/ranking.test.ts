import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Contender, rank } from '#server/domain/metrics/ranking.ts';

const contender = (code: string, enrolled: number, target: number): Contender => ({ code, enrolled, target });
/** By place, then by code. */
const orderOf = (contenders: readonly Contender[]) => [...rank(contenders).keys()];
const placesOf = (contenders: readonly Contender[]) => Object.fromEntries(rank(contenders));

const anyContenders = fc.uniqueArray(
  fc.record({
    code: fc.integer({ min: 1, max: 30 }).map((number) => `12.71.${String(number).padStart(2, '0')}`),
    enrolled: fc.nat(12),
    target: fc.nat(5).map((heads) => heads * 25),
  }),
  { selector: ({ code }) => code, maxLength: 25 },
);

describe('the ranking', () => {
  it('[MET-4] is a competition: equals share a place and leave the next one empty', () => {
    const four = [
      contender('a', 20, 25),
      contender('b', 10, 25),
      contender('c', 10, 25),
      contender('d', 1, 25),
    ];
    expect(placesOf(four)).toEqual({ a: 1, b: 2, c: 2, d: 4 });
    expect(placesOf([])).toEqual({});
  });

  it('[MET-4] goes by rate, then by enrolled, and equals in both share a place whatever their code', () => {
    expect(placesOf([contender('a', 10, 100), contender('b', 5, 25)])).toEqual({ a: 2, b: 1 });
    expect(placesOf([contender('a', 1, 2), contender('b', 2, 4), contender('c', 2, 4)])).toEqual({
      a: 3,
      b: 1,
      c: 1,
    });
    expect(orderOf([contender('b', 2, 4), contender('a', 2, 4)])).toEqual(['a', 'b']);
  });

  it('[MET-5] compares as fractions, exactly, where rounded rates would be equal', () => {
    expect(placesOf([contender('a', 1, 3), contender('b', 333_333, 1_000_000)])).toEqual({ a: 1, b: 2 });
    // Alike to seven places; the lower rate has the more people.
    expect(placesOf([contender('a', 66_666_666, 100_000_000), contender('b', 2, 3)])).toEqual({ a: 2, b: 1 });
    expect(placesOf([contender('a', 30, 25), contender('b', 25, 25)])).toEqual({ a: 1, b: 2 });
  });

  it('[MET-6] gives no place without a target, and puts those last', () => {
    const three = [contender('a', 50, 0), contender('b', 0, 25), contender('c', 0, 0)];
    expect(placesOf(three)).toEqual({ a: null, b: 1, c: null });
    expect(orderOf(three)).toEqual(['b', 'a', 'c']);
  });

  it('[MET-4] gives everyone one place more than have a better merit, in whatever order they come', () => {
    fc.assert(
      fc.property(anyContenders, fc.infiniteStream(fc.nat()), (contenders, order) => {
        const places = rank(contenders);
        const isBetter = (a: Contender, b: Contender) =>
          BigInt(a.enrolled) * BigInt(b.target) > BigInt(b.enrolled) * BigInt(a.target) ||
          (BigInt(a.enrolled) * BigInt(b.target) === BigInt(b.enrolled) * BigInt(a.target) &&
            a.enrolled > b.enrolled);
        const ranked = contenders.filter(({ target }) => target > 0);
        for (const one of contenders) {
          const better = ranked.filter((other) => isBetter(other, one)).length;
          expect(places.get(one.code)).toBe(one.target > 0 ? better + 1 : null);
        }
        const shuffled = contenders
          .map((one) => ({ one, at: order.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        expect(new Map([...rank(shuffled)].sort())).toEqual(new Map([...places].sort()));
      }),
      { numRuns: 200 },
    );
  });
});
