/** A cell under this many people could point at one of them. */
export const SMALLEST_PUBLIC_CELL = 5;

/**
 * A partition as the public may see it: a cell under five is null, and where exactly one is, the next smallest too,
 * so that it cannot be had by subtraction from the whole. An empty cell hides nobody and stays.
 */
export function suppress<K extends string>(cells: Readonly<Record<K, number>>): Record<K, number | null> {
  const names = Object.keys(cells) as K[];
  const shown: Record<K, number | null> = { ...cells };
  const small = names.filter((name) => cells[name] > 0 && cells[name] < SMALLEST_PUBLIC_CELL);
  if (small.length === 0) return shown;
  for (const name of small) shown[name] = null;
  if (small.length === 1) {
    const others = names.filter((name) => shown[name] !== null && cells[name] > 0);
    const next = others.reduce<K | null>(
      (least, name) => (least && cells[least] <= cells[name] ? least : name),
      null,
    );
    if (next) shown[next] = null;
  }
  return shown;
}
