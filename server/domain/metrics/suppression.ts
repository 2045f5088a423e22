/** A cell under this many people could point at one of them. */
const SMALLEST_PUBLIC_CELL = 5;

/**
 * A partition as the public may see it: a cell under five is null, and where what is missing from the whole would
 * still tell it, the next smallest too. An empty cell hides nobody and stays, unless there is no other to hide behind.
 */
export function suppress<K extends string>(cells: Readonly<Record<K, number>>): Record<K, number | null> {
  const names = Object.keys(cells) as K[];
  const shown: Record<K, number | null> = { ...cells };
  const small = names.filter((name) => cells[name] > 0 && cells[name] < SMALLEST_PUBLIC_CELL);
  if (small.length === 0) return shown;
  for (const name of small) shown[name] = null;
  if (isToldBySum(small.map((name) => cells[name]))) {
    const [next] = names
      .filter((name) => shown[name] !== null)
      .sort((a, b) => Number(cells[a] === 0) - Number(cells[b] === 0) || cells[a] - cells[b]);
    if (next) shown[next] = null;
  }
  return shown;
}

/** Whether numbers from one to four follow from their sum: a single one does, and so do all ones and all fours. */
function isToldBySum(hidden: readonly number[]): boolean {
  const sum = hidden.reduce((total, cell) => total + cell, 0);
  return hidden.length === 1 || sum === hidden.length || sum === hidden.length * (SMALLEST_PUBLIC_CELL - 1);
}
