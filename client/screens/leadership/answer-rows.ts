/**
 * An answer's lines, each number once: `count` and `whole` as they are, and the texts that chart and table show. The
 * file writes the same numbers. So the three cannot disagree.
 */
import {
  formatCount,
  formatDate,
  formatDay,
  formatDelta,
  formatMonth,
  formatRate,
  ratePlaces,
} from '#client/design/numbers.ts';
import { shiftDay } from '#client/parts/pace.ts';
import type { AnswerQuery, Dimension, Measure } from '#client/wire/generated/staff/graphql.ts';
import type { Language } from '#texts/catalog.ts';
import { shapeOf } from './measure.ts';

export type Metric = AnswerQuery['metric'];

export interface AnswerRow {
  readonly code: string;
  readonly name: string;
  /** First day of its period; null for an area. */
  readonly period: string | null;
  readonly count: number;
  /** What it is a part of, or what a change led to; null for what is a whole itself. */
  readonly whole: number | null;
  /** What the chart draws: a count, or per cent with the decimals that are written. */
  readonly drawn: number;
  readonly countText: string;
  readonly wholeText: string;
  /** Per cent of the whole; empty where there is none. */
  readonly shareText: string;
  /** What the chart writes at it. */
  readonly drawnText: string;
}

export const shareDecimals = 2;

interface Wording {
  readonly measure: Measure;
  readonly by: Dimension;
  readonly language: Language;
  /** How many neighborhoods an area has; of the question's own area for its code or for null. */
  neighborhoodsOf(code: string | null): number | null;
  /** With the area above it where a name alone could be another's: there are two Sei Mati, and many Lingkungan I. */
  nameOf(area: { readonly code: string; readonly name: string }): string;
}

export function answerRows(metric: Pick<Metric, 'rows' | 'to'>, wording: Wording): readonly AnswerRow[] {
  return metric.rows.map(({ area, period, values }) => {
    const name = area === null ? periodName(period ?? '', metric.to, wording) : wording.nameOf(area);
    return rowOf(area?.code ?? period ?? '', name, period, values, area?.code ?? null, wording);
  });
}

/** The line of the whole area over the whole period. */
export function totalRow(metric: Pick<Metric, 'totals'>, name: string, wording: Wording): AnswerRow {
  return rowOf('', name, null, metric.totals, null, wording);
}

function rowOf(
  code: string,
  name: string,
  period: string | null,
  values: readonly (number | null)[],
  area: string | null,
  { measure, language, neighborhoodsOf }: Wording,
): AnswerRow {
  const { kind, part, whole: wholeIs, draws } = shapeOf(measure);
  const whole =
    wholeIs === null ? null : wholeIs === 'NEIGHBORHOODS' ? neighborhoodsOf(area) : (values[1] ?? null);
  // A rate was made from a whole number of at most `whole`: rounding gives it back exactly.
  const count = part === 'EVEN_ACHIEVEMENT' ? Math.round((values[0] ?? 0) * (whole ?? 0)) : (values[0] ?? 0);
  const isShared = kind === 'part' && whole !== null;
  const countText = kind === 'change' ? formatDelta(count, language) : formatCount(count, language);
  const shareText = isShared ? formatRate(count, whole, shareDecimals, language) : '';
  const share = isShared ? (ratePlaces(count, whole, shareDecimals) ?? 0) / 10 ** shareDecimals : 0;
  return {
    code,
    name,
    period,
    count,
    whole,
    drawn: draws === 'share' ? share : count,
    countText,
    wholeText: whole === null ? '' : formatCount(whole, language),
    shareText,
    drawnText: draws === 'share' ? shareText : countText,
  };
}

/** A day with its year, a week by its two ends, a month by its name. */
function periodName(first: string, lastOfAll: string, { by, language }: Wording): string {
  if (by === 'MONTH') return formatMonth(first, language);
  if (by === 'DAY') return formatDate(first, language);
  const weekday = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7;
  const sunday = shiftDay(first, 6 - weekday);
  const last = sunday < lastOfAll ? sunday : lastOfAll;
  return `${formatDay(first, language)} – ${formatDate(last, language)}`;
}

export type AnswerSort = 'name' | 'count' | 'share';

/** `-` before it turns it round. Numbers begin with the largest, areas with A, periods with the newest. */
export function sortedRows(
  rows: readonly AnswerRow[],
  by: AnswerSort,
  isTurned: boolean,
): readonly AnswerRow[] {
  const sign = isTurned ? -1 : 1;
  const compare = (a: AnswerRow, b: AnswerRow): number => {
    if (by === 'count') return b.count - a.count;
    if (by === 'share') return b.count * (a.whole ?? 1) - a.count * (b.whole ?? 1) || b.count - a.count;
    return a.period !== null && b.period !== null
      ? b.period.localeCompare(a.period)
      : a.name.localeCompare(b.name, 'id', { numeric: true });
  };
  return [...rows].sort((a, b) => sign * compare(a, b) || (a.code < b.code ? -1 : 1));
}

/** Rows whose name has all the words of a search, whatever their case. */
export function foundRows(rows: readonly AnswerRow[], search: string): readonly AnswerRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}
