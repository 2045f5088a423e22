import { useMemo } from 'react';
import { useAnswer } from '#client/live/use-answer.ts';
import {
  type Closings,
  closingsOf,
  closingsWanted,
  type Pace,
  paceOf,
  shiftDay,
} from '#client/parts/pace.ts';
import { type AreaLevel, ClosingsDocument, type Dimension } from '#client/wire/generated/staff/graphql.ts';
import { rowLevelOf } from './area-view.ts';

interface Past {
  /** Enrolled at the end of past days, of the table's lines; null while unknown. */
  readonly closings: Closings | null;
  /** Of the neighborhoods, at the end of the day a week ago. */
  readonly weekAgo: Closings | null;
  /** Of the area itself, where it has no parts. */
  ownPace(enrolled: number, today: string): Pace | null;
}

/** What closed days ended on. It is asked once a day and epoch: closed days do not change, and the rest is live. */
export function usePast(area: string, level: AreaLevel, epoch: string | null, today: string | null): Past {
  const rowLevel = rowLevelOf[level] as Dimension | null;
  const by: readonly Dimension[] = rowLevel === null ? ['DAY'] : [rowLevel, 'DAY'];
  const isKnown = epoch !== null && today !== null;
  const lines = useAnswer(
    ClosingsDocument,
    isKnown ? { area, by: [...by], ...closingsWanted(today) } : null,
    epoch ?? '',
  );
  const weekAgoDay = today === null ? '' : shiftDay(today, -7);
  const week = useAnswer(
    ClosingsDocument,
    isKnown && level === 'DISTRICT'
      ? { area, by: ['NEIGHBORHOOD' as const, 'DAY' as const], from: weekAgoDay, to: weekAgoDay }
      : null,
    epoch ?? '',
  );
  const closings = useMemo(
    () => (lines.last === null ? null : closingsOf(lines.last.metric.rows, area)),
    [lines.last, area],
  );
  const ofWeek = useMemo(
    () => (week.last === null ? null : closingsOf(week.last.metric.rows, area)),
    [week.last, area],
  );
  return {
    closings,
    weekAgo: level === 'DISTRICT' ? ofWeek : closings,
    ownPace: (enrolled, day) =>
      closings === null || rowLevel !== null ? null : paceOf(closings, area, enrolled, day),
  };
}
