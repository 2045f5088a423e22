/**
 * The colors of the map: five steps of achievement, darker to lighter, and gold for who leads. Each ink stands on its
 * ground with a contrast of 4.5 at least; the steps differ in lightness, so that the map also reads without color.
 */
import { ratePlaces } from '#client/design/numbers.ts';

export interface TileColor {
  readonly ground: string;
  readonly ink: string;
}

export interface TileStep extends TileColor {
  /** The rate from which on it holds, in per cent. */
  readonly from: number;
}

const ivory = '#f8f4e9';
const night = '#061512';

export const tileSteps: readonly TileStep[] = [
  { from: 0, ground: '#17463b', ink: ivory },
  { from: 60, ground: '#1f624b', ink: ivory },
  { from: 70, ground: '#297b57', ink: ivory },
  { from: 80, ground: '#38b36b', ink: night },
  { from: 90, ground: '#93e6a8', ink: night },
];

export const leaderColor: TileColor = { ground: '#f2c14e', ink: night };
export const unknownColor: TileColor = { ground: '#21302c', ink: ivory };

/** The color of a tile; a place that is not told (null) is not the first. */
export function tileColor(enrolled: number, target: number, rank: number | null): TileColor {
  if (rank === 1) return leaderColor;
  const tenths = ratePlaces(enrolled, target, 1);
  if (tenths === null) return unknownColor;
  return tileSteps.findLast(({ from }) => tenths >= from * 10) ?? unknownColor;
}
