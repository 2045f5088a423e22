import fc from 'fast-check';
import { expect, test } from 'vitest';
import { needsOf } from '#client/parts/needs.ts';

const each = (code: string, enrolled: number, sevenDays: number | null, target = 25) => ({
  code,
  name: code,
  enrolled,
  target,
  sevenDays,
});

test('[PAG-3] the next steps are who is almost complete, and who has stood still for seven days, furthest first', () => {
  const needs = needsOf([
    each('a', 24, 0),
    each('b', 23, 5),
    each('c', 12, 0),
    each('d', 9, 0),
    each('e', 20, 1),
    each('f', 25, 0),
    each('g', 0, 0, 0),
  ]);
  expect(needs.almost.map(({ code }) => code)).toEqual(['a', 'b']);
  expect(needs.still.map(({ code }) => code)).toEqual(['d', 'c']);
});

test('[PAG-3] while the past is unknown nobody is said to stand still', () => {
  expect(needsOf([each('a', 9, null)])).toEqual({ almost: [], still: [] });
});

test('[PAG-3] nobody is named twice, nobody who is complete at all, and nobody is left out', () => {
  const neighborhoods = fc.uniqueArray(
    fc.tuple(
      fc.integer({ min: 100, max: 999 }),
      fc.constantFrom(0, 22, 23, 24, 25, 30),
      fc.constantFrom(null, -2, 0, 9),
    ),
    { selector: ([code]) => code, size: '+1' },
  );
  fc.assert(
    fc.property(neighborhoods, (all) => {
      const { almost, still } = needsOf(
        all.map(([code, enrolled, sevenDays]) => each(String(code), enrolled, sevenDays)),
      );
      const named = [...almost, ...still].map(({ code }) => code);
      expect(new Set(named).size).toBe(named.length);
      for (const { enrolled, target } of [...almost, ...still]) expect(enrolled).toBeLessThan(target);
      const isNamed = ([, enrolled, sevenDays]: [number, number, number | null]) =>
        enrolled < 25 && (enrolled >= 23 || sevenDays === 0);
      expect(named.length).toBe(all.filter(isNamed).length);
    }),
  );
});
