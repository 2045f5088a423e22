import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { systemClock } from '#server/base/clock.ts';
import { createLog } from '#server/base/log.ts';
import type { MetricInput } from '#server/domain/metrics/judge-question.ts';
import { openStore, type Store } from '#server/store/store.ts';
import { answerBySql } from '#test/support/answer-by-sql.ts';
import { enrollInput, sendEnroll, WITHDRAW } from '#test/support/enroll.ts';
import { copyOfDemonstration } from '#test/support/loaded-demonstration.ts';
import { type Product, startProduct } from '#test/support/product.ts';

const LONG_MS = 60_000;
const LAUNCH = '2025-05-14';
const CEREMONY = '2025-10-29';

/** What leadership asks, in its own words, and what that is as a question to the server. */
const QUESTIONS: readonly (readonly [
  words: string,
  question: MetricInput & { readonly from?: string; readonly to?: string },
])[] = [
  ['Berapa yang sudah terdaftar?', { measures: ['ENROLLED', 'TARGET', 'GAP'] }],
  [
    'Berapa persen capaian kota, dan berapa capaian meratanya?',
    { measures: ['ACHIEVEMENT', 'EVEN_ACHIEVEMENT'] },
  ],
  ['Kecamatan mana yang memimpin?', { measures: ['ACHIEVEMENT', 'ENROLLED'], by: ['DISTRICT'] }],
  ['Kecamatan mana yang paling jauh dari target?', { measures: ['GAP'], by: ['DISTRICT'] }],
  [
    'Berapa lingkungan yang sudah tuntas di tiap kecamatan?',
    { measures: ['COMPLETE_NEIGHBORHOODS'], by: ['DISTRICT'] },
  ],
  ['Berapa pendaftar baru tiap bulan?', { measures: ['NEW', 'ENROLLED'], by: ['MONTH'] }],
  ['Berapa pendaftar baru tiap minggu?', { measures: ['NEW'], by: ['WEEK'] }],
  [
    'Berapa pendaftar baru tiap hari dalam bulan Oktober?',
    { measures: ['NEW'], by: ['DAY'], from: '2025-10-01' },
  ],
  ['Bagaimana capaian naik dari hari ke hari sejak peluncuran?', { measures: ['ACHIEVEMENT'], by: ['DAY'] }],
  [
    'Berapa yang baru membayar satu bulan, per kecamatan?',
    { measures: ['MONTHS_ONE', 'MONTHS_NONE', 'MONTHS_MORE'], by: ['DISTRICT'] },
  ],
  [
    'Bagaimana yang membayar satu bulan berubah tiap bulan?',
    { measures: ['MONTHS_ONE', 'MONTHS_MORE'], by: ['MONTH'] },
  ],
  [
    'Di mana Medan Tembung berdiri, per kelurahan?',
    {
      measures: ['ENROLLED', 'TARGET', 'ACHIEVEMENT', 'COMPLETE_NEIGHBORHOODS'],
      by: ['VILLAGE'],
      area: '12.71.14',
    },
  ],
  [
    'Lingkungan mana di Indra Kasih yang belum mencapai 25?',
    { measures: ['ENROLLED', 'GAP'], by: ['NEIGHBORHOOD'], area: '12.71.14.1001' },
  ],
  ['Berapa pendaftar baru per kecamatan tiap bulan?', { measures: ['NEW'], by: ['DISTRICT', 'MONTH'] }],
  [
    'Berapa pendaftar baru di kelurahan-kelurahan Medan Tembung tiap minggu sejak Agustus?',
    { measures: ['NEW', 'ENROLLED'], by: ['VILLAGE', 'WEEK'], area: '12.71.14', from: '2025-08-01' },
  ],
  [
    'Berapa yang terdaftar pada Hari Kemerdekaan, per kecamatan?',
    { measures: ['ENROLLED', 'NEW'], by: ['DISTRICT'], to: '2025-08-17' },
  ],
  [
    'Apa yang terjadi dalam minggu sebelum apel, hari demi hari?',
    { measures: ['NEW', 'ACHIEVEMENT', 'COMPLETE_NEIGHBORHOODS'], by: ['DAY'], from: '2025-10-22' },
  ],
  [
    'Kelurahan mana di seluruh kota yang punya lingkungan tuntas?',
    { measures: ['COMPLETE_NEIGHBORHOODS', 'EVEN_ACHIEVEMENT'], by: ['VILLAGE'] },
  ],
  [
    'Bagaimana satu lingkungan tumbuh dari bulan ke bulan?',
    { measures: ['ENROLLED', 'NEW', 'MONTHS_ONE'], by: ['MONTH'], area: '12.71.14.1001-001' },
  ],
  [
    'Berapa terdaftar baru pada kuartal ketiga, per kecamatan dan bulan?',
    { measures: ['NEW', 'GAP'], by: ['DISTRICT', 'MONTH'], from: '2025-07-01', to: '2025-09-30' },
  ],
];

const ASK = `query Ask($query: MetricQuery!) {
  metric(query: $query) { rows { area { code } period values } totals revision from to }
}`;

interface Answered {
  readonly metric: {
    readonly rows: readonly {
      area: { code: string } | null;
      period: string | null;
      values: (number | null)[];
    }[];
    readonly totals: readonly (number | null)[];
    readonly from: string;
    readonly to: string;
  };
}

describe('twenty questions of leadership', () => {
  let folder: ReturnType<typeof copyOfDemonstration>;
  let product: Product;
  let store: Store;

  beforeAll(async () => {
    folder = copyOfDemonstration(inject('loadedDemonstration'));
    product = await startProduct(folder.dataDir);
    store = await openStore({ dataDir: folder.dataDir }, createLog({ level: 'warn' }), systemClock);
    // A morning's work on top: people come, and some of them and of those before them go.
    const key = product.key('bpjs');
    for (let number = 0; number < 12; number++) {
      const input = enrollInput(number, `12.71.14.1001-00${1 + (number % 3)}`);
      const { enrollment } = await sendEnroll(product.ask, input, key);
      if (number % 4 === 0) {
        const withdrawal = {
          idempotencyKey: `gone ${number}`,
          enrollment: enrollment.id,
          reason: 'DUPLICATE',
        };
        await product.ask(WITHDRAW, { input: withdrawal }, key);
      }
    }
  }, LONG_MS);
  afterAll(async () => {
    await store?.close();
    await product?.stop();
    folder?.remove();
  });

  test.each(QUESTIONS)('[MET-13] %s', { timeout: LONG_MS }, async (_words, question) => {
    const { data, errors } = await product.ask<Answered>(ASK, { query: question }, product.key('leadership'));
    expect(errors).toBeUndefined();
    const { rows, from, to } = data.metric;
    expect({ from, to }).toEqual({ from: question.from ?? LAUNCH, to: question.to ?? CEREMONY });
    const admin = await store.pool('owner').connect();
    try {
      const counted = await answerBySql(admin, { ...question, from, to });
      const area = question.area ?? '12.71';
      expect(
        rows.map((row) => ({ code: row.area?.code ?? area, period: row.period ?? from, values: row.values })),
      ).toEqual(counted);
      const [whole] = await answerBySql(admin, { measures: question.measures, area, from, to });
      expect(data.metric.totals).toEqual(whole?.values);
    } finally {
      admin.release();
    }
    expect(rows.some(({ values }) => values.some((value) => value !== null && value > 0))).toBe(true);
  });
});
