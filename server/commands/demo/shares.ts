import { invariant } from '#server/base/invariant.ts';
import { isWithin } from '#server/domain/areas/area-code.ts';
import type { AreaSeed } from '#server/domain/areas/read-area-tree.ts';
import { apportion } from './apportion.ts';
import { type RandomStream, randomStream, shuffled } from './random.ts';

/**
 * Made-up achievement of each district in per cent: the seven named at the ceremony lead, in the order in which they
 * were named, and all of them together come to the published figure.
 */
const DISTRICT_RATES: Readonly<Record<string, number>> = {
  '12.71.14': 89.4,
  '12.71.07': 87.1,
  '12.71.02': 85.8,
  '12.71.12': 84.2,
  '12.71.01': 82.9,
  '12.71.19': 81.7,
  '12.71.17': 80.6,
  '12.71.16': 76.9,
  '12.71.18': 75.1,
  '12.71.08': 75.0,
  '12.71.09': 74.5,
  '12.71.11': 71.1,
  '12.71.06': 69.1,
  '12.71.03': 69.0,
  '12.71.21': 67.7,
  '12.71.10': 66.4,
  '12.71.15': 66.3,
  '12.71.20': 66.0,
  '12.71.13': 65.7,
  '12.71.04': 65.4,
  '12.71.05': 64.1,
};

const TARGET_PER_NEIGHBORHOOD = 25;

/** How a neighborhood stands: what its head has enrolled lies between the two numbers. */
const BANDS = {
  COMPLETE: { lowest: TARGET_PER_NEIGHBORHOOD, highest: 31 },
  UNDER_WAY: { lowest: 8, highest: TARGET_PER_NEIGHBORHOOD - 1 },
  STALLED: { lowest: 0, highest: 7 },
};

/** Of those under way, so many lack but a few. */
const NEARLY_THERE = { chance: 0.16, lowest: 21 };
/** A village's diligence lies within so much of its district's. */
const VILLAGES_DIFFER_BY = 0.09;

export interface NeighborhoodShare {
  readonly code: string;
  readonly enrolled: number;
  readonly isStalled: boolean;
}

/** How many are enrolled in each neighborhood, uneven over villages and keplings; sums to `total` exactly. */
export function shareOut(total: number, areas: readonly AreaSeed[]): readonly NeighborhoodShare[] {
  const districts = areas
    .filter((area) => area.level === 'DISTRICT')
    .map(({ code }) => ({ code, neighborhoods: neighborhoodsOf(code, areas) }));
  const weights = districts.map(({ code, neighborhoods }) => {
    const rate = DISTRICT_RATES[code];
    invariant(rate !== undefined, `a rate for district ${code}`);
    return rate * neighborhoods.length;
  });
  const totals = apportion(total, weights);
  return districts.flatMap(({ code, neighborhoods }, index) =>
    shareInDistrict(code, totals[index] ?? 0, neighborhoods),
  );
}

function neighborhoodsOf(districtCode: string, areas: readonly AreaSeed[]): readonly AreaSeed[] {
  return areas.filter((area) => area.level === 'NEIGHBORHOOD' && isWithin(area.code, districtCode));
}

function shareInDistrict(
  districtCode: string,
  total: number,
  neighborhoods: readonly AreaSeed[],
): readonly NeighborhoodShare[] {
  const random = randomStream(`neighborhoods of ${districtCode}`);
  const rate = total / (neighborhoods.length * TARGET_PER_NEIGHBORHOOD);
  const diligence = new Map<string | null, number>();
  const drawn = neighborhoods.map(({ code, parentCode }) => {
    const ofVillage = diligence.get(parentCode) ?? rate + VILLAGES_DIFFER_BY * (2 * random.next() - 1);
    diligence.set(parentCode, ofVillage);
    const band = drawBand(random, ofVillage);
    return { code, band, enrolled: drawEnrolled(random, band, ofVillage) };
  });
  settleTotal(random, drawn, total);
  return drawn.map(({ band, ...share }) => ({ ...share, isStalled: band === 'STALLED' }));
}

type Band = keyof typeof BANDS;

/** The more diligent the village, the more heads are through and the fewer have stopped trying. */
function drawBand(random: RandomStream, diligence: number): Band {
  const stalled = clamp(0.2 - 0.2 * diligence, 0.01, 0.12);
  const complete = clamp(1.5 * (diligence - 0.53), 0.04, 0.72);
  const luck = random.next();
  if (luck < stalled) return 'STALLED';
  return luck < stalled + complete ? 'COMPLETE' : 'UNDER_WAY';
}

function drawEnrolled(random: RandomStream, band: Band, diligence: number): number {
  const { lowest, highest } = BANDS[band];
  if (band === 'STALLED') return random.between(lowest, highest);
  // Most heads who are through stop soon after the 25th.
  if (band === 'COMPLETE') return lowest + Math.floor((highest - lowest + 1) * random.next() * random.next());
  if (random.chance(NEARLY_THERE.chance)) return random.between(NEARLY_THERE.lowest, highest);
  const usual = Math.round(6 + 15 * diligence);
  return clamp(usual + random.between(-3, 3) + random.between(-3, 3), lowest, highest);
}

/** Moves those under way by one at a time, each in its turn, until the district's total is met. */
function settleTotal(random: RandomStream, drawn: { band: Band; enrolled: number }[], total: number): void {
  const { lowest, highest } = BANDS.UNDER_WAY;
  const movable = shuffled(
    random,
    drawn.filter(({ band }) => band === 'UNDER_WAY'),
  );
  let missing = total - drawn.reduce((sum, { enrolled }) => sum + enrolled, 0);
  while (missing !== 0) {
    const before = missing;
    const step = Math.sign(missing);
    for (const share of movable) {
      if (missing === 0 || share.enrolled + step < lowest || share.enrolled + step > highest) continue;
      share.enrolled += step;
      missing -= step;
    }
    invariant(missing !== before, "room for the district's total among the neighborhoods under way");
  }
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}
