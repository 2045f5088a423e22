/**
 * One animation loop for the whole page. It runs only while something moves: a mover is called on every frame with the
 * seconds since the last one (at most a twentieth, so that a page coming back from the background does not leap) and
 * is let go when it returns false.
 */
export type Mover = (seconds: number) => boolean;

const longestStepSeconds = 0.05;
const movers = new Set<Mover>();
let lastMs = 0;
let request = 0;

export function setMoving(mover: Mover): void {
  movers.add(mover);
  if (request !== 0) return;
  lastMs = performance.now();
  request = requestAnimationFrame(run);
}

export function stopMoving(mover: Mover): void {
  movers.delete(mover);
}

function run(nowMs: number): void {
  const seconds = Math.min(Math.max(nowMs - lastMs, 0) / 1000, longestStepSeconds);
  lastMs = nowMs;
  for (const mover of movers) if (!mover(seconds)) movers.delete(mover);
  request = movers.size > 0 ? requestAnimationFrame(run) : 0;
}

/** Whether the reader asked the system for less motion; asked anew each time. */
export function prefersCuts(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}
