const floorMs = 500;
const ceilingMs = 5_000;

/**
 * How long to wait before try number `retries` (from 0), in milliseconds: full jitter between half a second and a
 * ceiling that doubles up to five seconds. A hall of screens that lost one server does not come back in step.
 * `random` gives 0 up to, not including, 1.
 */
export function backoffMs(retries: number, random: () => number = Math.random): number {
  const ceiling = Math.min(ceilingMs, floorMs * 2 ** Math.min(retries + 1, 10));
  return Math.round(floorMs + random() * (ceiling - floorMs));
}
