import { jakartaDay } from '#server/base/day.ts';
import { answerMetric } from '#server/domain/metrics/answer-metric.ts';
import { judgeQuestion } from '#server/domain/metrics/judge-question.ts';
import {
  DIMENSIONS,
  MEASURES,
  type Measure,
  type MetricAnswer,
  type MetricRow as MetricRowShape,
  UNIT,
} from '#server/domain/metrics/metric-query.ts';
import { Area, badInput } from './areas.ts';
import { builder } from './builder.ts';
import { scopeOf } from './context.ts';

const MeasureEnum = builder.enumType('Measure', {
  description: 'What can be asked.',
  values: {
    ENROLLED: { description: 'People enrolled at the end of the period.' },
    NEW: { description: 'What enrolled grew by within the period; withdrawals taken off.' },
    TARGET: { description: "Sum of the neighborhoods' own targets at the end of the period." },
    GAP: { description: 'What was missing to the target at the end of the period.' },
    ACHIEVEMENT: { description: 'enrolled / target at the end of the period.' },
    EVEN_ACHIEVEMENT: { description: 'Sum of min(enrolled, own target) / target: no surplus hides a gap.' },
    COMPLETE_NEIGHBORHOODS: { description: 'Neighborhoods that had reached their own target.' },
    MONTHS_NONE: { description: 'Enrolled people without a covered month.' },
    MONTHS_ONE: { description: 'Enrolled people with exactly one covered month.' },
    MONTHS_MORE: { description: 'Enrolled people with two covered months or more.' },
  } satisfies Record<Measure, { description: string }>,
});

const DimensionEnum = builder.enumType('Dimension', {
  description:
    'What an answer can be broken down by: one level of areas, one grain of time, or both. Weeks begin on Monday.',
  values: DIMENSIONS,
});

const UnitEnum = builder.enumType('Unit', {
  description: 'What a number counts.',
  values: ['PEOPLE', 'NEIGHBORHOODS', 'RATIO'] as const,
});

const MetricQuery = builder.inputType('MetricQuery', {
  description: 'A question about the program.',
  fields: (t) => ({
    measures: t.field({
      type: [MeasureEnum],
      required: true,
      description: `What is asked, at most ${MEASURES.length}.`,
    }),
    by: t.field({
      type: [DimensionEnum],
      description: 'What it is broken down by; the whole where it is missing.',
    }),
    area: t.string({ description: 'Code of the area it is about; the city where it is missing.' }),
    from: t.field({
      type: 'Date',
      description: 'First day, included; the program’s first where it is missing.',
    }),
    to: t.field({ type: 'Date', description: 'Last day, included; today where it is missing.' }),
  }),
});

const MetricColumn = builder.objectRef<Measure>('MetricColumn').implement({
  description: 'What one number of every row means.',
  fields: (t) => ({
    measure: t.field({
      type: MeasureEnum,
      description: 'The measure asked for.',
      resolve: (measure) => measure,
    }),
    unit: t.field({ type: UnitEnum, description: 'What it counts.', resolve: (measure) => UNIT[measure] }),
  }),
});

const MetricRow = builder.objectRef<MetricRowShape>('MetricRow').implement({
  description: 'One part of the answer.',
  fields: (t) => ({
    area: t.field({
      type: Area,
      nullable: true,
      description: 'Its area; null where the answer is not broken down by area.',
      resolve: (row) => row.area,
    }),
    period: t.expose('period', {
      type: 'Date',
      nullable: true,
      description: 'First day of its period; null where the answer is not broken down by time.',
    }),
    values: t.field({
      type: ['Float'],
      nullable: { list: false, items: true },
      description:
        'Its numbers, in the order of the columns; ratios unrounded, null without a base. Outside one’s own area a cell of months under 5 is null, and one more, so that it cannot be subtracted.',
      resolve: (row) => [...row.values],
    }),
  }),
});

const MetricResult = builder.objectRef<MetricAnswer>('MetricResult').implement({
  description: 'The answer. Every number in it is of the same revision.',
  fields: (t) => ({
    columns: t.field({
      type: [MetricColumn],
      description: 'What the numbers mean, in their order.',
      resolve: ({ question }) => [...question.measures],
    }),
    rows: t.field({
      type: [MetricRow],
      description: 'By area in the order of codes, within it by time.',
      resolve: ({ rows }) => [...rows],
    }),
    totals: t.field({
      type: ['Float'],
      nullable: { list: false, items: true },
      description: 'The same numbers of the whole area over the whole period, null as in a row.',
      resolve: ({ totals }) => [...totals],
    }),
    area: t.field({ type: Area, description: 'What it is about.', resolve: ({ question }) => question.area }),
    from: t.field({
      type: 'Date',
      description: 'First day, as answered.',
      resolve: ({ question }) => question.from,
    }),
    to: t.field({
      type: 'Date',
      description: 'Last day, as answered.',
      resolve: ({ question }) => question.to,
    }),
    revision: t.exposeInt('revision', { description: 'The revision all of it is of.' }),
    asOf: t.expose('asOf', { type: 'DateTime', description: 'When that revision was committed.' }),
  }),
});

builder.queryField('metric', (t) =>
  t.field({
    type: MetricResult,
    description: 'Answers a question about the program from the sums kept each day.',
    args: { query: t.arg({ type: MetricQuery, required: true }) },
    resolve: (_root, { query }, { services, audience }) => {
      const { program } = services.live;
      const today = jakartaDay(services.live.now());
      const question = judgeQuestion(
        services.areas,
        scopeOf(audience),
        { startsOn: program.startsOn, today },
        query,
      );
      if (typeof question === 'string') throw badInput(question);
      return answerMetric(services.reader, program.id, services.areas, question, program.startsOn);
    },
  }),
);
