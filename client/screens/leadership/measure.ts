/** What a measure is a part of, and how it is written: never a figure without the whole that it belongs to. */
import type { Measure } from '#client/wire/generated/staff/graphql.ts';

export interface MeasureShape {
  /** `part`: of a whole; `change`: with a sign, and what it led to; `plain`: a whole itself. */
  readonly kind: 'part' | 'change' | 'plain';
  /** Where the part comes from: a count, or a rate of the whole. */
  readonly part: Measure;
  readonly whole: Measure | 'NEIGHBORHOODS' | null;
  /** What the chart draws: the count or its share of the whole. */
  readonly draws: 'count' | 'share';
}

const shapes: Readonly<Record<Measure, MeasureShape>> = {
  ENROLLED: { kind: 'part', part: 'ENROLLED', whole: 'TARGET', draws: 'count' },
  NEW: { kind: 'change', part: 'NEW', whole: 'ENROLLED', draws: 'count' },
  TARGET: { kind: 'plain', part: 'TARGET', whole: null, draws: 'count' },
  GAP: { kind: 'part', part: 'GAP', whole: 'TARGET', draws: 'count' },
  ACHIEVEMENT: { kind: 'part', part: 'ENROLLED', whole: 'TARGET', draws: 'share' },
  EVEN_ACHIEVEMENT: { kind: 'part', part: 'EVEN_ACHIEVEMENT', whole: 'TARGET', draws: 'share' },
  COMPLETE_NEIGHBORHOODS: {
    kind: 'part',
    part: 'COMPLETE_NEIGHBORHOODS',
    whole: 'NEIGHBORHOODS',
    draws: 'count',
  },
  MONTHS_NONE: { kind: 'part', part: 'MONTHS_NONE', whole: 'ENROLLED', draws: 'count' },
  MONTHS_ONE: { kind: 'part', part: 'MONTHS_ONE', whole: 'ENROLLED', draws: 'count' },
  MONTHS_MORE: { kind: 'part', part: 'MONTHS_MORE', whole: 'ENROLLED', draws: 'count' },
};

export function shapeOf(measure: Measure): MeasureShape {
  return shapes[measure];
}

/** Which measures to ask for, so that a line can be written whole. */
export function measuresOf(measure: Measure): readonly Measure[] {
  const { part, whole } = shapes[measure];
  return whole === null || whole === 'NEIGHBORHOODS' ? [part] : [part, whole];
}
