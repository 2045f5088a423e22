/** Enrolled of target, unrounded; null where there is no target. Never from a percentage: from two whole numbers. */
export function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** What is missing to the target; a surplus is no negative gap. */
export function gap(enrolled: number, target: number): number {
  return Math.max(0, target - enrolled);
}
