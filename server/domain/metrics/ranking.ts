/** What a place in the ranking is decided by. */
export interface Contender {
  readonly code: string;
  readonly enrolled: number;
  readonly target: number;
}

/** Places that the public sees; those behind are nobody's business but their own. */
export const PUBLIC_PLACES = 7;

/**
 * The order of siblings: by achievement, compared exactly as fractions and not as rounded numbers; then by enrolled;
 * then by code, for order alone. Those without a target come last.
 */
function compare(a: Contender, b: Contender): number {
  return compareMerit(a, b) || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
}

/**
 * Competition ranking (1, 2, 2, 4) by code: equals share a place and leave the next ones empty. Null without a
 * target.
 */
export function rank(contenders: readonly Contender[]): ReadonlyMap<string, number | null> {
  const places = new Map<string, number | null>();
  let place = 0;
  let before: Contender | undefined;
  for (const [index, contender] of [...contenders].sort(compare).entries()) {
    if (contender.target === 0) {
      places.set(contender.code, null);
      continue;
    }
    if (!before || compareMerit(before, contender) !== 0) place = index + 1;
    places.set(contender.code, place);
    before = contender;
  }
  return places;
}

/** The first contenders in their order, with their places. All must have a target. */
export function chooseLeaders(
  contenders: readonly Contender[],
  first: number,
): readonly { readonly code: string; readonly place: number }[] {
  const leaders: { code: string; place: number }[] = [];
  let before: Contender | undefined;
  for (const [index, contender] of [...contenders].sort(compare).slice(0, first).entries()) {
    const isEqual = before !== undefined && compareMerit(before, contender) === 0;
    leaders.push({ code: contender.code, place: isEqual ? (leaders[index - 1]?.place ?? 1) : index + 1 });
    before = contender;
  }
  return leaders;
}

function compareMerit(a: Contender, b: Contender): number {
  if (a.target === 0 || b.target === 0) return (a.target === 0 ? 1 : 0) - (b.target === 0 ? 1 : 0);
  return b.enrolled * a.target - a.enrolled * b.target || b.enrolled - a.enrolled;
}
