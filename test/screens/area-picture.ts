import type { AreaPictureFragment } from '#client/wire/generated/staff/graphql.ts';

type Part = AreaPictureFragment['parts'][number];

/** A neighborhood's line in a frame: `enrolled` of 25, all of them paying unless said otherwise. */
export function neighborhood(code: string, enrolled: number, changes: Partial<Part['totals']> = {}): Part {
  const target = changes.target ?? 25;
  return {
    rank: null,
    area: { code, name: `Lingkungan ${Number(code.slice(-3))}` },
    totals: {
      enrolled,
      target,
      neighborhoods: 1,
      completeNeighborhoods: target > 0 && enrolled >= target ? 1 : 0,
      evenAchievement: target > 0 ? Math.min(enrolled, target) / target : null,
      monthsPaid: { one: Math.min(3, enrolled) },
      persistency: { tooNew: 0, stopped: 0, paying: enrolled, inArrears: 0, lapsed: 0, resumed: 0 },
      ...changes,
    },
  };
}
