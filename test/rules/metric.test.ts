import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricInput } from '#server/domain/metrics/judge-question.ts';
import { splitIntoPeriods } from '#server/domain/metrics/periods.ts';
import { openTestApp, type TestApp } from '#test/support/app.ts';
import { enrollInput, sendEnroll } from '#test/support/enroll.ts';

describe('periods', () => {
  it('[MET-10] are days, weeks from Monday or months, whole but at the ends, and leave no day out', () => {
    expect(splitIntoPeriods('2025-05-14', '2025-05-20', 'WEEK')).toEqual([
      { from: '2025-05-14', to: '2025-05-18' },
      { from: '2025-05-19', to: '2025-05-20' },
    ]);
    expect(splitIntoPeriods('2024-01-31', '2024-03-01', 'MONTH')).toEqual([
      { from: '2024-01-31', to: '2024-01-31' },
      { from: '2024-02-01', to: '2024-02-29' },
      { from: '2024-03-01', to: '2024-03-01' },
    ]);
    expect(splitIntoPeriods('2025-12-30', '2026-01-02', 'DAY')).toHaveLength(4);
    expect(splitIntoPeriods('2025-12-30', '2026-01-02', null)).toEqual([
      { from: '2025-12-30', to: '2026-01-02' },
    ]);
  });
});

describe('a question', () => {
  let app: TestApp;
  const ask = async (input: MetricInput, role = 'leadership') => {
    const document = `query Ask($query: MetricQuery!) { metric(query: $query) {
      rows { area { code } period values } totals revision from to } }`;
    return app.ask<{
      metric: {
        rows: { area: { code: string } | null; period: string | null; values: number[] }[];
        totals: number[];
        revision: number;
      };
    }>(document, { query: input }, app.key(role));
  };

  beforeAll(async () => {
    app = await openTestApp();
    const places = [
      '12.71.14.1001-001',
      '12.71.14.1001-002',
      '12.71.14.1002-001',
      '12.71.01.1001-001',
      '12.71.07.1001-003',
    ];
    for (let number = 0; number < 60; number++) {
      const place = places[(number * 7) % places.length] as string;
      await sendEnroll(app.ask, { ...enrollInput(number, place), enrolledOn: '2025-10-29' }, app.key('bpjs'));
    }
  });
  afterAll(() => app.close());

  /** The same, from people's rows and entries alone. */
  const counted = async (code: string) => {
    const { rows } = await app.database.store
      .pool('reader')
      .query<{ enrolled: number; complete: number; target: number; even: number }>(
        `SELECT sum(n.enrolled)::int AS enrolled, sum(n.target)::int AS target, sum(least(n.enrolled, n.target))::int AS even,
              (count(*) FILTER (WHERE n.enrolled >= n.target))::int AS complete
         FROM (SELECT a.id, (SELECT count(*)::int FROM enrollments e WHERE e.neighborhood_id = a.id AND e.status = 'ENROLLED') AS enrolled,
                      (SELECT coalesce(sum(target), 0)::int FROM entries t WHERE t.neighborhood_id = a.id) AS target
                 FROM areas a WHERE a.level = 'NEIGHBORHOOD' AND (a.code LIKE $1 || '.%' OR a.code LIKE $1 || '-%' OR a.code = $1)) n`,
        [code],
      );
    return rows[0] as { enrolled: number; complete: number; target: number; even: number };
  };

  it('[MET-11] is answered as counting the rows would, for the whole and for each part of every level', async () => {
    const measures = [
      'ENROLLED',
      'TARGET',
      'GAP',
      'COMPLETE_NEIGHBORHOODS',
      'ACHIEVEMENT',
      'EVEN_ACHIEVEMENT',
      'NEW',
      'MONTHS_NONE',
    ] as const;
    for (const [area, by] of [
      ['12.71', 'DISTRICT'],
      ['12.71.14', 'VILLAGE'],
      ['12.71.14.1001', 'NEIGHBORHOOD'],
      ['12.71', 'VILLAGE'],
    ] as const) {
      const { data, errors } = await ask({ measures: [...measures], by: [by], area });
      expect(errors).toBeUndefined();
      expect(data.metric.rows.length).toBeGreaterThan(5);
      for (const row of data.metric.rows.slice(0, 25)) {
        const { enrolled, target, even, complete } = await counted(row.area?.code ?? '');
        expect(row.values).toEqual([
          enrolled,
          target,
          target - enrolled,
          complete,
          enrolled / target,
          even / target,
          enrolled,
          enrolled,
        ]);
      }
      const whole = await counted(area);
      expect(data.metric.totals.slice(0, 2)).toEqual([whole.enrolled, whole.target]);
      const parts = data.metric.rows.reduce((sum, row) => sum + (row.values[0] ?? 0), 0);
      expect(parts).toBe(whole.enrolled);
    }
  });

  it('[MET-12] about areas that are not the asker’s, or that makes no sense, is answered in words', async () => {
    for (const [input, role] of [
      [{ measures: ['ENROLLED'], by: ['VILLAGE'], area: '12.71.01' }, 'district'],
      [{ measures: ['ENROLLED'], by: ['VILLAGE'] }, 'district'],
      [{ measures: ['ENROLLED'], area: '12.71.01.1001' }, 'district'],
      [{ measures: ['ENROLLED'], area: '12.71.99' }, 'leadership'],
      [{ measures: [] }, 'leadership'],
      [{ measures: ['ENROLLED'], by: ['DAY', 'WEEK'] }, 'leadership'],
      [{ measures: ['ENROLLED'], from: '2025-10-30', to: '2025-10-01' }, 'leadership'],
      [{ measures: ['ENROLLED'], by: ['NEIGHBORHOOD', 'DAY'] }, 'leadership'],
    ] as [MetricInput, string][]) {
      const { errors } = await ask(input, role);
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
    const own = await ask({ measures: ['ENROLLED'], by: ['VILLAGE'], area: '12.71.14' }, 'district');
    expect(own.data.metric.rows.length).toBe(7);
  });

  it('[MET-41] hides the small cells of months outside the asker’s own area, as the totals do, and nothing inside it', async () => {
    for (const [number, place] of [
      [70, '12.71.05.1001-001'],
      [71, '12.71.05.1001-001'],
      [72, '12.71.14.1003-001'],
    ] as const)
      await sendEnroll(app.ask, enrollInput(number, place), app.key('bpjs'));
    const input = {
      measures: ['MONTHS_NONE', 'MONTHS_ONE', 'MONTHS_MORE', 'ENROLLED'],
      by: ['DISTRICT', 'DAY'],
    } satisfies MetricInput;
    const cellsOf = async (code: string, role: string) => {
      const { data } = await ask(input, role);
      return data.metric.rows.filter(({ area }) => area?.code === code).at(-1)?.values;
    };
    expect(await cellsOf('12.71.05', 'leadership')).toEqual([2, 0, 0, 2]);
    for (const role of ['neighborhood', 'village', 'district']) {
      expect(await cellsOf('12.71.05', role), role).toEqual([null, null, 0, 2]);
      const { data } = await app.ask<{ area: { totals: { monthsPaid: object } } }>(
        '{ area(code: "12.71.05") { totals { monthsPaid { none one more } } } }',
        {},
        app.key(role),
      );
      expect(data.area.totals.monthsPaid).toEqual({ none: null, one: null, more: 0 });
    }
    // The whole of a question about a foreign district is as hidden as its row.
    const foreign = await ask({ measures: ['MONTHS_NONE'], area: '12.71.05' }, 'district');
    expect([foreign.data.metric.rows[0]?.values, foreign.data.metric.totals]).toEqual([[null], [null]]);
    const own = await ask({ ...input, by: ['VILLAGE'], area: '12.71.14' }, 'district');
    const village = own.data.metric.rows.find(({ area }) => area?.code === '12.71.14.1003');
    expect(village?.values).toEqual([1, 0, 0, 1]);
  });
});
