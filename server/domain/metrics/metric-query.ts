import type { AreaLevel } from '../areas/area-code.ts';
import type { Area } from '../areas/area-index.ts';

/** What can be asked. Each is a whole number of people or neighborhoods, or a ratio of two. */
export const MEASURES = [
  'ENROLLED',
  'NEW',
  'TARGET',
  'GAP',
  'ACHIEVEMENT',
  'EVEN_ACHIEVEMENT',
  'COMPLETE_NEIGHBORHOODS',
  'MONTHS_NONE',
  'MONTHS_ONE',
  'MONTHS_MORE',
] as const;
export type Measure = (typeof MEASURES)[number];

/** What an answer can be broken down by: at most one of area and one of time. */
export const DIMENSIONS = ['DISTRICT', 'VILLAGE', 'NEIGHBORHOOD', 'DAY', 'WEEK', 'MONTH'] as const;
export type Dimension = (typeof DIMENSIONS)[number];
export type Grain = Extract<Dimension, 'DAY' | 'WEEK' | 'MONTH'>;
export type AreaDimension = Extract<Dimension, AreaLevel>;

export type Unit = 'PEOPLE' | 'NEIGHBORHOODS' | 'RATIO';
export const UNIT: Readonly<Record<Measure, Unit>> = {
  ENROLLED: 'PEOPLE',
  NEW: 'PEOPLE',
  TARGET: 'PEOPLE',
  GAP: 'PEOPLE',
  ACHIEVEMENT: 'RATIO',
  EVEN_ACHIEVEMENT: 'RATIO',
  COMPLETE_NEIGHBORHOODS: 'NEIGHBORHOODS',
  MONTHS_NONE: 'PEOPLE',
  MONTHS_ONE: 'PEOPLE',
  MONTHS_MORE: 'PEOPLE',
};

/** A question that was judged: its area is one the asker may see, its days are in order. */
export interface MetricQuestion {
  readonly measures: readonly Measure[];
  readonly areaBy: AreaDimension | null;
  readonly grain: Grain | null;
  readonly area: Area;
  /** The asker's own area: outside it small cells are hidden. Null for one who answers for none. */
  readonly scopeCode: string | null;
  /** `yyyy-mm-dd`, both included. */
  readonly from: string;
  readonly to: string;
}

export interface MetricRow {
  /** Null where the answer is not broken down by area. */
  readonly area: Area | null;
  /** First day of the period; null where it is not broken down by time. */
  readonly period: string | null;
  /** In the order of the question's measures. Null: the ratio has no base, or the cell is hidden. */
  readonly values: readonly (number | null)[];
}

export interface MetricAnswer {
  readonly question: MetricQuestion;
  readonly rows: readonly MetricRow[];
  /** Of the whole area over the whole period. */
  readonly totals: readonly (number | null)[];
  readonly revision: number;
  /** Program time of that revision, in milliseconds. */
  readonly asOf: number;
}

/** Rows of one answer at most; a longer one has to ask for less. */
export const METRIC_ROWS_MAX = 25_000;
