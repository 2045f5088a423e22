import type { PictureFragment } from '#client/wire/generated/graphql.ts';

export interface RankedRow {
  readonly code: string;
  readonly name: string;
  readonly rank: number;
  readonly enrolled: number;
  readonly target: number;
}

/** The ranked parts in the published order (rank, then enrolled, then code), at most `limit` of them. */
export function leadersOf(parts: PictureFragment['parts'], limit: number): RankedRow[] {
  const rows: RankedRow[] = [];
  for (const { rank, area, totals } of parts) {
    if (rank === null) continue;
    rows.push({
      code: area.code,
      name: area.shortName,
      rank,
      enrolled: totals.enrolled,
      target: totals.target,
    });
  }
  rows.sort((a, b) => a.rank - b.rank || b.enrolled - a.enrolled || (a.code < b.code ? -1 : 1));
  return rows.slice(0, limit);
}
