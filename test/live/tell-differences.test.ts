import { describe, expect, test } from 'vitest';
import type { Difference } from '#server/live/check-sums.ts';
import { tellDifferences } from '#server/live/tell-differences.ts';

const AREA = { code: '12.71.14.1001-001', name: 'Lingkungan I', level: 'NEIGHBORHOOD' };
const differ = (between: Difference['between'], found: number, expected: number): Difference => ({
  areaId: 7,
  figure: 'enrolled',
  between,
  found,
  expected,
});
const tell = (...differences: Difference[]) => tellDifferences(differences, () => AREA, null);

describe('an operator is told', () => {
  test.each([
    [
      'the kept sum alone',
      [differ('sums and entries', 3, 1), differ('sums and people', 3, 1)],
      /kept sum 3, .*entries and people 1, .* \+2\n/,
      'The kept sum was changed',
    ],
    [
      'the entries alone',
      [differ('sums and entries', 3, 4)],
      /kept sum and people 3, .*entries added up 4, .* -1\n/,
      'Entries or a closed day were changed',
    ],
    [
      'the people alone',
      [differ('sums and people', 3, 2)],
      /kept sum and entries 3, .*people counted 2, .* \+1\n/,
      'A row of an enrollment was changed',
    ],
    [
      'all three',
      [differ('sums and entries', 3, 4), differ('sums and people', 3, 2)],
      /kept sum 3, .*entries, people 4, 2, .* -1, \+1\n/,
      'more than one was changed',
    ],
    [
      'memory alone',
      [differ('memory and sums', 3, 2)],
      /memory 3, .*kept sum 2, .* \+1\n/,
      'the server reads them anew',
    ],
  ])(
    '[OPS-13] where %s stands against the others, in one line, and of that alone what to do',
    (_what, found, line, todo) => {
      const text = tell(...found);
      expect(text).toContain('SUMS DISAGREE: 1 ');
      expect(text).toMatch(line);
      expect(text.split('\n').filter((each) => each.startsWith('- '))).toEqual([
        expect.stringContaining(todo),
      ]);
    },
  );

  test('[OPS-13] each figure of each place, and memory beside the books', () => {
    const text = tell(differ('sums and entries', 3, 1), differ('memory and sums', 1, 3), {
      ...differ('sums and people', 3, 2),
      areaId: 8,
    });
    expect(text).toContain('SUMS DISAGREE: 3 ');
    expect(text.split('\n').filter((each) => each.startsWith('- '))).toHaveLength(3);
    expect(tell()).toBe('Jumlah cocok · the sums agree\n');
  });
});
