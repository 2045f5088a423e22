/**
 * The product's motif: a row of *pucuk rebung*, the bamboo shoots of a Deli songket's border, drawn as a weaver charts
 * it, cell by cell, so that its edges are steps and it stays itself on a wall with few pixels.
 */
const shootRows = 12;
const baseRows = 1;
const halfWidth = 7;
const columns = 2 * halfWidth;
const rows = shootRows + baseRows;

/** Which thread lies in a cell of one shoot; `x` counts from the shoot's middle outward. */
function threadAt(x: number, y: number): 'outer' | 'inner' | null {
  if (y >= shootRows) return 'outer';
  const reach = Math.floor(y / 2);
  if (x > reach) return bloomAt(halfWidth - x, y);
  if (x >= reach - 1) return 'outer';
  if (x === reach - 2) return null;
  return 'inner';
}

/** The small bloom that hangs in the valley between two shoots. */
function bloomAt(fromValley: number, y: number): 'inner' | null {
  return fromValley + Math.abs(y - 3) <= 2 ? 'inner' : null;
}

function pathOf(thread: 'outer' | 'inner'): string {
  let path = '';
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const fromMiddle = x < halfWidth ? halfWidth - 1 - x : x - halfWidth;
      if (threadAt(fromMiddle, y) === thread) path += `M${x} ${y}h1v1h-1z`;
    }
  }
  return path;
}

const shoot = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${columns} ${rows}" shape-rendering="crispEdges"><path fill="#f2c14e" d="${pathOf('outer')}"/><path fill="#38b36b" d="${pathOf('inner')}"/></svg>`;

/** One shoot of the border as a CSS image; repeat it along x, at any height. */
export const border = `url("data:image/svg+xml,${encodeURIComponent(shoot)}")`;
