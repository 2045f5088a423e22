import { invariant } from '#server/base/invariant.ts';
import { type DemoPerson, drawPerson, FIRST_TRAFFIC_REGENCY, simulatedNik } from './people.ts';
import { type RandomStream, randomStream } from './random.ts';

/** How many each neighborhood still lacks, by code; those that lack nobody may be left out. */
export type Gaps = ReadonlyMap<string, number>;

/** Further streams of people who never meet: the server's own traffic, rehearsals from the command line. */
export type TrafficStream = 'traffic' | 'rehearsal';

export interface Arrival {
  /** 0, 1, 2 ... within the stream. The same number is the same person, wherever the gaps put them. */
  readonly index: number;
  readonly gaps: Gaps;
  /** `yyyy-mm-dd`. */
  readonly enrolledOn: string;
  readonly stream?: TrafficStream;
}

/** As many people as one stream has numbers for. */
export const TRAFFIC_LIMIT = 999_900;

const SERIALS = 9_999;
const REGENCY: Readonly<Record<TrafficStream, number>> = {
  traffic: FIRST_TRAFFIC_REGENCY,
  rehearsal: FIRST_TRAFFIC_REGENCY + 1,
};
/** Added to each gap: else a neighborhood that lacks one would hardly ever be completed. */
const HEAD_START = 3;
const IRREGULARITY = { least: 0.4, most: 1.6 };
const MINUTE_MS = 60_000;

/**
 * The next made-up worker to enroll after the plan's, the more likely in a neighborhood the more it lacks. Null when
 * no gap is left: traffic ends there. No number is one of the plan's, of another stream's or of another index.
 */
export function trafficPerson({ index, gaps, enrolledOn, stream = 'traffic' }: Arrival): DemoPerson | null {
  invariant(
    Number.isInteger(index) && index >= 0 && index < TRAFFIC_LIMIT,
    `an index below ${TRAFFIC_LIMIT}`,
  );
  const random = randomStream(stream, index);
  const neighborhood = drawNeighborhood(random, gaps);
  if (neighborhood === null) return null;
  const place = {
    regency: REGENCY[stream],
    district: Math.floor(index / SERIALS),
    serial: (index % SERIALS) + 1,
  };
  return drawPerson(random, neighborhood, enrolledOn, (birth) => simulatedNik(place, birth));
}

/** Milliseconds from arrival `index - 1` to arrival `index`: irregular, as people come, and on average as asked for. */
export function arrivalDelayMs(index: number, perMinute: number): number {
  const { least, most } = IRREGULARITY;
  return Math.round(
    (MINUTE_MS / perMinute) * (least + (most - least) * randomStream('arrivals', index).next()),
  );
}

function drawNeighborhood(random: RandomStream, gaps: Gaps): string | null {
  const open = [...gaps].filter(([, gap]) => gap > 0);
  const total = open.reduce((sum, [, gap]) => sum + gap + HEAD_START, 0);
  let left = Math.floor(random.next() * total);
  for (const [code, gap] of open) {
    left -= gap + HEAD_START;
    if (left < 0) return code;
  }
  return null;
}
