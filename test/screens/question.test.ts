import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addressOf,
  breakdownsOf,
  measures,
  type Question,
  queryOf,
  questionOf,
  withArea,
} from '#client/screens/leadership/question.ts';

const areas = [null, '12.71.14', '12.71.14.1001'] as const;

const question: fc.Arbitrary<Question> = fc.constantFrom(...areas).chain((area) =>
  fc.record({
    measure: fc.constantFrom(...measures),
    by: fc.constantFrom(...breakdownsOf(area)),
    area: fc.constant(area),
    from: fc.constantFrom(null, '2025-05-14', '2025-10-01'),
    to: fc.constantFrom(null, '2025-10-29'),
  }),
);

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
