/**
 * What to do next about the neighborhoods of an area, from their figures alone. Two lists, whole: who is almost there,
 * and who has stood still for seven days, those with the most to go first. A neighborhood is in one of them at most.
 */
export interface Neighborhood {
  readonly code: string;
  readonly name: string;
  readonly enrolled: number;
  readonly target: number;
  /** Null while the past is not known: then nobody is said to stand still. */
  readonly sevenDays: number | null;
}

export interface Needs {
  readonly almost: readonly Neighborhood[];
  readonly still: readonly Neighborhood[];
}

const almostWithin = 2;

export function needsOf(neighborhoods: readonly Neighborhood[]): Needs {
  const missing = ({ enrolled, target }: Neighborhood) => target - enrolled;
  const open = neighborhoods.filter((each) => missing(each) > 0);
  const almost = open.filter((each) => missing(each) <= almostWithin);
  const still = open.filter((each) => missing(each) > almostWithin && each.sevenDays === 0);
  const byCode = (a: Neighborhood, b: Neighborhood) => (a.code < b.code ? -1 : 1);
  return {
    almost: almost.sort((a, b) => missing(a) - missing(b) || byCode(a, b)),
    still: still.sort((a, b) => missing(b) - missing(a) || byCode(a, b)),
  };
}
