import styles from './sea.module.css';

/**
 * How far the water reaches down, in cells, from the left edge of the wall eastward: charted like the songket, in steps.
 * It stands on both sides of Belawan and draws back from there, before the masthead's own corner.
 */
const shore = [
  16, 16, 16, 16, 17, 17, 17, 17, 17, 17, 18, 18, 18, 18, 18, 18, 18, 17, 17, 17, 17, 17, 16, 16, 16, 15, 15,
  15, 14, 14, 13, 13, 13, 12, 12, 11, 11, 11, 10, 10, 9, 9, 9, 8, 8, 7, 7, 7, 6, 6, 6, 5, 5, 4, 4, 4, 3, 3, 2,
  2, 1, 1, 1,
];
const depth = 18;

function waterAbove(reach: (cells: number) => number): string {
  let path = 'M0 0';
  shore.forEach((cells, column) => {
    path += `H${column}V${reach(cells)}`;
  });
  return `${path}H${shore.length}V0z`;
}

const shallow = waterAbove((cells) => cells);
const deep = waterAbove((cells) => Math.max(cells - 2, 0));

/** The water north of the city: quiet, behind everything, from the wall's edge. */
export function Sea() {
  return (
    <svg
      className={styles.sea}
      viewBox={`0 0 ${shore.length} ${depth}`}
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
      aria-hidden="true"
    >
      <path className={styles.shallow} d={shallow} />
      <path className={styles.deep} d={deep} />
    </svg>
  );
}
