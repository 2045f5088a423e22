/** The marks on the way to the target, in per cent of it. */
export const milestones: readonly number[] = [75, 80, 90, 100];

/** How many make a milestone of `percent` per cent full: the smallest whole number that reaches it. */
export function neededFor(percent: number, target: number): number {
  return Math.ceil((percent * target) / 100);
}

/** The next milestone and how many are missing to it; null once the last is reached, or where there is no target. */
export function nextMilestone(enrolled: number, target: number): { percent: number; missing: number } | null {
  if (target <= 0) return null;
  for (const percent of milestones) {
    const missing = neededFor(percent, target) - enrolled;
    if (missing > 0) return { percent, missing };
  }
  return null;
}
