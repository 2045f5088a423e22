import type { FrameKind, LeadersFrame } from './frame.ts';
import { originOf } from './make-frame.ts';
import type { Standing } from './standing.ts';
import type { TreeArea } from './tree.ts';

/** What a place is decided by. */
export interface LiveContender {
  readonly code: string;
  readonly enrolled: number;
  readonly target: number;
}

/** The first of these, in their order, with their places. A rule of the domain, given to the live path. */
export type ChooseLeaders = (
  contenders: readonly LiveContender[],
  first: number,
) => readonly { readonly code: string; readonly place: number }[];

/** Leaders kept in a frame; a reader may be shown fewer. */
export const LEADERS_MAX = 50;

/** Who leads at a level, copied out of memory; null at the city's own level, where nobody competes. */
export function makeLeadersFrame(
  standing: Standing,
  level: TreeArea['level'],
  choose: ChooseLeaders,
  kind: FrameKind,
  asOf: number,
  committedAt: number | null,
): LeadersFrame | null {
  if (level === 'CITY') return null;
  const { tree, projection } = standing;
  const contenders = tree
    .within(0, level)
    .map((index) => ({
      code: tree.areas[index]?.code ?? '',
      enrolled: projection.figure(index, 'enrolled'),
      target: projection.figure(index, 'target'),
    }))
    .filter((contender) => contender.target > 0);
  const leaders = choose(contenders, LEADERS_MAX).map(({ code, place }) => ({
    area: projection.read(tree.indexByCode.get(code) ?? 0),
    place,
  }));
  return { ...originOf(standing, kind, asOf, committedAt), level, contenders: contenders.length, leaders };
}
