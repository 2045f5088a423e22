import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addressOf,
  breakdownsOf,
  hasPeriod,
  measures,
  periodProblem,
  type Question,
  queryOf,
  questionOf,
  withArea,
} from '#client/screens/leadership/question.ts';

const areas = [null, '12.71.14', '12.71.14.1001'] as const;

const question: fc.Arbitrary<Question> = fc
  .constantFrom(...areas)
  .chain((area) =>
    fc.record({
      measure: fc.constantFrom(...measures),
      by: fc.constantFrom(...breakdownsOf(area)),
      area: fc.constant(area),
      from: fc.constantFrom(null, '2025-05-14', '2025-10-01'),
      to: fc.constantFrom(null, '2025-10-29'),
    }),
  )
  .map((asked) => (hasPeriod(asked) ? asked : { ...asked, from: null }));

test('[PAG-8] every question is said by the address and read back', () => {
  fc.assert(
    fc.property(question, (asked) => {
      expect(questionOf(addressOf(asked))).toEqual(asked);
    }),
  );
});

test('[PAG-8] an address asks something whatever it says', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('measure', 'by', 'area', 'from', 'to'), fc.anything()),
      (address) => {
        const read = questionOf(address);
        expect(measures).toContain(read.measure);
        expect(breakdownsOf(read.area)).toContain(read.by);
      },
    ),
  );
  expect(questionOf({ by: 'district', area: '12.71.14' })).toMatchObject({ by: 'VILLAGE', area: '12.71.14' });
});

test('[PAG-8] another area keeps the breakdown where it can', () => {
  const byWeek = questionOf({ by: 'week' });
  expect(withArea(byWeek, '12.71.14').by).toBe('WEEK');
  expect(withArea(questionOf({}), '12.71.14.1001').by).toBe('NEIGHBORHOOD');
  expect(withArea(questionOf({ area: '12.71.14' }), null).by).toBe('VILLAGE');
});

test('[PAG-8] a part is asked for together with its whole', () => {
  expect(queryOf(questionOf({ measure: 'gap' })).measures).toEqual(['GAP', 'TARGET']);
  expect(queryOf(questionOf({ measure: 'months_one' })).measures).toEqual(['MONTHS_ONE', 'ENROLLED']);
  expect(queryOf(questionOf({ measure: 'achievement' })).measures).toEqual(['ENROLLED', 'TARGET']);
});

test('[PAG-15] a period is asked where something is counted in it; how things stand is asked of one day', () => {
  const days = { from: '2025-10-23', to: '2025-10-28' };
  for (const measure of measures) {
    for (const by of ['district', 'village', 'day', 'week', 'month']) {
      const isCounted = measure === 'NEW' || !['district', 'village'].includes(by);
      const asked = questionOf({ measure: measure.toLowerCase(), by, ...days });
      expect(queryOf(asked), `${measure} ${by}`).toMatchObject({
        from: isCounted ? days.from : null,
        to: days.to,
      });
      expect(addressOf({ ...asked, ...days }).from).toBe(isCounted ? days.from : undefined);
    }
  }
});

test('[PAG-15] what is wrong with the days of an address is told as what it is', () => {
  const problem = (from: string | null, to: string | null) =>
    periodProblem({ from, to }, '2025-05-14', '2025-10-29');
  expect(problem(null, null)).toBeNull();
  expect(problem('2025-10-29', '2025-10-29')).toBeNull();
  expect(problem('2025-10-02', '2025-10-01')).toBe('ORDER');
  expect(problem('2025-10-30', null)).toBe('ORDER');
  expect(problem('2025-05-13', null)).toBe('EARLY');
  expect(problem(null, '2025-05-13')).toBe('EARLY');
  expect(problem('2031-01-01', '2031-02-01')).toBe('FUTURE');
  expect(questionOf({ by: 'day', from: '2025-02-30', to: '2025-13-01' })).toMatchObject({
    from: null,
    to: null,
  });
});
