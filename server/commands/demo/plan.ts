/**
 * The demonstration: 37,058 made-up people of Medan, who enrolled on which day, and what they have paid since.
 *
 * Guarantees: the same on every machine and every time, from the areas alone; the published totals to the person;
 * every person's number one that cannot be issued; days in order, and nobody pays before enrolling.
 * Everything finer than the published totals is made up and says so wherever it appears.
 *
 * It plans and does nothing: no database, no clock, no file. Whoever loads it posts day after day through the
 * program's own commands, closing each.
 */
import type { AreaSeed } from '#server/domain/areas/read-area-tree.ts';
import { enrollmentsByDay } from './curve.ts';
import { type DemoContribution, planPayments } from './payments.ts';
import { type DemoPerson, drawPerson, planNiks } from './people.ts';
import { randomStream } from './random.ts';
import { type NeighborhoodShare, shareOut } from './shares.ts';

export interface DemoDay {
  /** `yyyy-mm-dd`. */
  readonly day: string;
  readonly enrollments: readonly DemoPerson[];
  /** Of people enrolled on this day or before. */
  readonly contributions: readonly DemoContribution[];
}

export interface DemoPlan {
  /** Every day from the launch to the morning of the ceremony. */
  readonly days: readonly DemoDay[];
}

/** Enrolled at the ceremony of 29 October 2025, as published. */
export const ENROLLED_AT_OPENING = 37_058;

const LARGEST_VISIT = 6;
/** Of the way from the first enrollment to the last. */
const LATEST_START = 0.3;
const STALLED_AFTER = 0.2;

/** Throws BrokenInvariant where the areas are not those of Kota Medan. */
export function planDemonstration(areas: readonly AreaSeed[]): DemoPlan {
  const places = inOrderOfEnrollment(shareOut(ENROLLED_AT_OPENING, areas));
  const random = randomStream('people');
  const drawNik = planNiks(random);

  const enrolled: DemoPerson[] = [];
  const days: DemoDay[] = [];
  for (const [day, count] of enrollmentsByDay(ENROLLED_AT_OPENING)) {
    const enrollments = places
      .slice(enrolled.length, enrolled.length + count)
      .map((neighborhood) => drawPerson(random, neighborhood, day, drawNik));
    enrolled.push(...enrollments);
    days.push({ day, enrollments, contributions: [] });
  }
  const paidOn = byDay(planPayments(enrolled));
  return { days: days.map((each) => ({ ...each, contributions: paidOn.get(each.day) ?? [] })) };
}

/**
 * The neighborhood of each person in the order in which they enroll. A head goes round and brings a few at a time;
 * one who has stalled did so early and has not come back.
 */
function inOrderOfEnrollment(shares: readonly NeighborhoodShare[]): readonly string[] {
  const random = randomStream('visits');
  const visits = shares.flatMap(({ code, enrolled, isStalled }) => {
    const startedAt = LATEST_START * random.next();
    const endedAt = isStalled ? startedAt + STALLED_AFTER : 1;
    const own: { code: string; people: number; at: number }[] = [];
    for (let left = enrolled; left > 0; ) {
      const people = Math.min(left, random.between(1, LARGEST_VISIT));
      own.push({ code, people, at: startedAt + (endedAt - startedAt) * random.next() });
      left -= people;
    }
    return own;
  });
  return visits.sort((a, b) => a.at - b.at).flatMap(({ code, people }) => Array<string>(people).fill(code));
}

function byDay(contributions: readonly DemoContribution[]): ReadonlyMap<string, readonly DemoContribution[]> {
  const days = new Map<string, DemoContribution[]>();
  for (const contribution of contributions) {
    const sameDay = days.get(contribution.paidOn);
    if (sameDay) sameDay.push(contribution);
    else days.set(contribution.paidOn, [contribution]);
  }
  return days;
}
