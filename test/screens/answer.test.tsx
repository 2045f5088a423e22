import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { LanguageProvider } from '#client/design/language.tsx';
import { Answer } from '#client/screens/leadership/answer.tsx';
import { answerCsv } from '#client/screens/leadership/answer-csv.ts';
import {
  answerRows,
  foundRows,
  type Metric,
  sortedRows,
  totalRow,
} from '#client/screens/leadership/answer-rows.ts';
import { measures, queryOf, questionOf } from '#client/screens/leadership/question.ts';
import type { Dimension, Measure } from '#client/wire/generated/staff/graphql.ts';
import { catalog, type Language, languages, type TextKey } from '#texts/catalog.ts';

// There is nothing to draw on here; the chart is looked at in a real browser.
vi.mock('#client/screens/leadership/answer-chart.tsx', () => ({ AnswerChart: () => null }));

const figures: Partial<Record<Measure, number[]>> = {
  ENROLLED: [2_123, 3_026, 5_149],
  TARGET: [2_375, 3_650, 6_025],
  NEW: [138, -2, 136],
  GAP: [252, 624, 876],
  EVEN_ACHIEVEMENT: [2_060 / 2_375, 2_900 / 3_650, 4_960 / 6_025],
  COMPLETE_NEIGHBORHOODS: [45, 69, 114],
  MONTHS_NONE: [0, 12, 12],
  MONTHS_ONE: [1_084, 1_500, 2_584],
  MONTHS_MORE: [1_039, 1_514, 2_553],
};
const districts = [
  { code: '12.71.14', name: 'Medan Tembung' },
  { code: '12.71.01', name: 'Medan Kota' },
];
const city = {
  code: '12.71',
  name: 'Kota Medan',
  startsOn: '2025-05-14',
  districts: [],
  neighborhoods: new Map([
    ['12.71', 241],
    ['12.71.14', 95],
    ['12.71.01', 146],
  ]),
  names: new Map([['12.71', 'Kota Medan']]),
};

function metricOf(measure: Measure): Metric {
  const asked = queryOf(questionOf({ measure: measure.toLowerCase() })).measures;
  const values = (place: number) => asked.map((each) => figures[each]?.[place] ?? null);
  return {
    revision: 471,
    asOf: '2025-10-29T01:30:07.000Z',
    from: '2025-05-14',
    to: '2025-10-29',
    columns: asked.map((each) => ({ measure: each })),
    rows: districts.map((area, place) => ({ area, period: null, values: values(place) })),
    totals: values(2),
  };
}

const wording = (measure: Measure, language: Language, by: Dimension = 'DISTRICT') => ({
  measure,
  by,
  language,
  neighborhoodsOf: (code: string | null) => city.neighborhoods.get(code ?? '12.71') ?? null,
  nameOf: ({ name }: { name: string }) => name,
});

const csv = (measure: Measure, language: Language) =>
  answerCsv({
    rows: answerRows(metricOf(measure), wording(measure, language)),
    measure,
    by: 'DISTRICT',
    revision: 471,
    asOf: '2025-10-29T01:30:07.000Z',
    mode: 'DEMO',
    language,
    text: (key: TextKey) => catalog[key][language],
  });

const digits = (text: string) => text.replaceAll('−', '-').replace(/[^\d-]/g, '');

test('[PAG-9] chart, table and file have the same digits, for every measure and in both languages', () => {
  for (const measure of measures) {
    for (const language of languages) {
      const lines = csv(measure, language).replace('\uFEFF', '').trimEnd().split('\r\n').slice(1);
      const separator = language === 'id' ? ';' : ',';
      answerRows(metricOf(measure), wording(measure, language)).forEach((row, place) => {
        const [, name, count, ...others] = (lines[place] ?? '').split(separator);
        expect(name).toBe(row.name);
        expect(digits(count ?? ''), measure).toBe(digits(row.countText));
        if (row.wholeText !== '') expect(digits(others[0] ?? ''), measure).toBe(digits(row.wholeText));
        if (row.shareText !== '') expect(digits(others[1] ?? ''), measure).toBe(digits(row.shareText));
        expect([row.countText, row.shareText]).toContain(row.drawnText);
        expect(digits(row.drawnText)).toBe(
          digits(row.drawnText === row.shareText ? row.drawn.toFixed(2) : String(row.drawn)),
        );
      });
    }
  }
});

test('[PAG-9] a part stands with its whole, a change with its sign and what it led to', () => {
  const first = (measure: Measure) => answerRows(metricOf(measure), wording(measure, 'id'))[0];
  expect(first('ENROLLED')).toMatchObject({
    countText: '2.123',
    wholeText: '2.375',
    shareText: '89,39%',
    drawn: 2_123,
  });
  expect(first('ACHIEVEMENT')).toMatchObject({
    countText: '2.123',
    shareText: '89,39%',
    drawn: 89.39,
    drawnText: '89,39%',
  });
  expect(first('EVEN_ACHIEVEMENT')).toMatchObject({
    countText: '2.060',
    wholeText: '2.375',
    shareText: '86,74%',
  });
  expect(first('COMPLETE_NEIGHBORHOODS')).toMatchObject({
    countText: '45',
    wholeText: '95',
    shareText: '47,37%',
  });
  expect(first('NEW')).toMatchObject({
    countText: '+138',
    wholeText: '2.123',
    shareText: '',
    drawnText: '+138',
  });
  expect(first('TARGET')).toMatchObject({ countText: '2.375', wholeText: '', shareText: '' });
  expect(
    totalRow(metricOf('COMPLETE_NEIGHBORHOODS'), 'Seluruhnya', wording('COMPLETE_NEIGHBORHOODS', 'id')),
  ).toMatchObject({
    countText: '114',
    wholeText: '241',
  });
});

test('[PAG-10] each line of a file says its revision, its moment and whether it is made up', () => {
  expect(csv('NEW', 'id')).toBe(
    '\uFEFFkode;kecamatan;pertambahan;menjadi;revisi;per;data\r\n' +
      '12.71.14;Medan Tembung;138;2123;471;2025-10-29T01:30:07.000Z;simulasi\r\n' +
      '12.71.01;Medan Kota;-2;3026;471;2025-10-29T01:30:07.000Z;simulasi\r\n',
  );
  expect(csv('ENROLLED', 'en')).toContain('12.71.14,Medan Tembung,2123,2375,89.39,471,');
  expect(csv('ENROLLED', 'id')).toContain('12.71.14;Medan Tembung;2123;2375;89,39;471;');
});

test('[PAG-9] periods are called by their days: a running week ends today', () => {
  const rows = (by: Dimension, period: string) =>
    answerRows(
      { rows: [{ area: null, period, values: [1, 2] }], to: '2025-10-29' },
      wording('NEW', 'id', by),
    );
  expect(rows('WEEK', '2025-10-27')[0]?.name).toBe('27 Okt – 29 Okt 2025');
  expect(rows('WEEK', '2025-10-20')[0]?.name).toBe('20 Okt – 26 Okt 2025');
  expect(rows('MONTH', '2025-10-01')[0]?.name).toBe('Oktober 2025');
  expect(rows('DAY', '2025-10-28')[0]?.name).toBe('28 Okt 2025');
});

test('[PAG-4] lines are sorted by count or exact share, periods with the newest first, and found by every word', () => {
  const rows = answerRows(metricOf('ENROLLED'), wording('ENROLLED', 'id'));
  const order = (...args: [Parameters<typeof sortedRows>[1], boolean]) =>
    sortedRows(rows, ...args).map(({ code }) => code);
  expect(order('count', false)).toEqual(['12.71.01', '12.71.14']);
  expect(order('share', false)).toEqual(['12.71.14', '12.71.01']);
  expect(order('name', true)).toEqual(['12.71.14', '12.71.01']);
  expect(foundRows(rows, ' TEM medan')).toHaveLength(1);
  expect(foundRows(rows, 'nowhere')).toHaveLength(0);
});

afterEach(cleanup);

function show(metric: Metric, language: Language, address = {}) {
  const root = createRootRoute();
  const page = createRoute({
    getParentRoute: () => root,
    path: '/leadership',
    component: () => (
      <LanguageProvider language={language}>
        <Answer city={city} metric={metric} mode="DEMO" question={questionOf(address)} />
      </LanguageProvider>
    ),
  });
  const history = createMemoryHistory({ initialEntries: ['/leadership'] });
  const router = createRouter({ routeTree: root.addChildren([page]), history });
  render(<RouterProvider router={router as never} />);
}

test('[PAG-9] the table on the page writes the lines, each with its whole, and the whole at its foot', async () => {
  show(metricOf('ACHIEVEMENT'), 'id');
  const table = await screen.findByRole('table');
  const lines = [...table.querySelectorAll('tr')].map((line) =>
    [...line.children].map((cell) => cell.textContent).join(' | '),
  );
  expect(lines).toEqual([
    'kecamatan | terdaftar | capaian ↓',
    'Medan Tembung | 2.123 dari 2.375 | 89,39%',
    'Medan Kota | 3.026 dari 3.650 | 82,90%',
    'Seluruhnya | 5.149 dari 6.025 | 85,46%',
  ]);
});

test('[PAG-11] an answer without lines says so, and what to do', async () => {
  show({ ...metricOf('ACHIEVEMENT'), rows: [] }, 'en');
  expect(await screen.findByText('There are no figures in this period. Choose another period.')).toBeTruthy();
});

test('[PAG-15] an answer says the one day that it is of, or the days between which it counts', async () => {
  const week = { ...metricOf('ACHIEVEMENT'), from: '2025-10-23' };
  show(week, 'id', { from: '2025-10-23' });
  expect(await screen.findByText(/Kota Medan, per 29 Okt 2025/)).toBeTruthy();
  cleanup();
  show({ ...metricOf('NEW'), from: '2025-10-23' }, 'id', { measure: 'new', from: '2025-10-23' });
  expect(await screen.findByText(/Kota Medan, 23 Okt 2025 sampai 29 Okt 2025/)).toBeTruthy();
});
