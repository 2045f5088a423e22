import { addDays } from '#server/base/day.ts';
import { districtCodeOf } from '#server/domain/areas/area-code.ts';
import { lastDayOf, type MonthNumber, monthNumber, monthText } from '#server/domain/contributions/month.ts';
import type { DemoPerson } from './people.ts';
import { type RandomStream, randomStream } from './random.ts';

/** One month of one person, paid for. */
export interface DemoContribution {
  readonly nik: string;
  /** `yyyy-mm`. */
  readonly period: string;
  /** `yyyy-mm-dd`, never before the person's enrollment. */
  readonly paidOn: string;
  /** Whole rupiah. */
  readonly amount: number;
}

/** The last day the figures of the demonstration know payments of. */
export const PAYMENTS_UNTIL = '2025-10-28';
/** The mayor's figure: so many have paid for one month only. */
const PAID_ONE_MONTH = 18_152;
/** Work accident and death cover, a month of 2025. */
const FEE_RUPIAH = 16_800;

const LATEST_MONTH = monthNumber(PAYMENTS_UNTIL);
const LATEST_DUE_MONTH = LATEST_MONTH - 1;
const CHANCE = {
  neverPaid: 0.015,
  paidOnTheDay: 0.6,
  secondMonth: 0.62,
  paidAhead: 0.06,
  currentMonth: 0.72,
  fellBehind: 0.19,
  cameBack: 0.09,
  gapWasPaidLater: 0.6,
};
const LOYALTY = { least: 0.75, most: 1.25 };
const LONGEST_ARREARS_MONTHS = 3;

/** What somebody pays: each month covered, with the day it was paid. */
type Months = readonly (readonly [month: MonthNumber, paidOn: string])[];

/**
 * What each person has paid, in the order of the people. Exactly `PAID_ONE_MONTH` of them have one covered month:
 * who enrolled in the last two months is counted first, and of the others those least likely to go on fill the rest.
 */
export function planPayments(people: readonly DemoPerson[]): readonly DemoContribution[] {
  const random = randomStream('payments');
  const recent = people.filter(({ enrolledOn }) => monthNumber(enrolledOn) >= LATEST_DUE_MONTH);
  const settled = people.filter(({ enrolledOn }) => monthNumber(enrolledOn) < LATEST_DUE_MONTH);
  const paid = new Map<DemoPerson, Months>();

  for (const person of recent) paid.set(person, payRecently(random, person));
  const started: DemoPerson[] = [];
  for (const person of settled) {
    if (random.chance(CHANCE.neverPaid)) paid.set(person, []);
    else started.push(person);
  }
  const oneMonth = [...paid.values()].filter((months) => months.length === 1).length;
  const byStaying = started
    .map((person) => ({ person, stays: random.next() * loyaltyOf(districtCodeOf(person.neighborhood)) }))
    .sort((a, b) => a.stays - b.stays);
  for (const [index, { person }] of byStaying.entries()) {
    const first = payFirst(random, person);
    paid.set(person, index < PAID_ONE_MONTH - oneMonth ? [first] : [first, ...goOnPaying(random, person)]);
  }
  return people.flatMap((person) =>
    (paid.get(person) ?? []).map(([month, paidOn]) => ({
      nik: person.nik,
      period: monthText(month),
      paidOn,
      amount: FEE_RUPIAH,
    })),
  );
}

/** Districts differ in how many go on after the first month, and not as they differ in how many enroll. */
function loyaltyOf(districtCode: string): number {
  const { least, most } = LOYALTY;
  return least + (most - least) * randomStream(`loyalty of ${districtCode}`).next();
}

/** The month of enrollment, paid on the day or, where the month and the figures have room for it, a few days later. */
function payFirst(random: RandomStream, { enrolledOn }: DemoPerson): Months[number] {
  const month = monthNumber(enrolledOn);
  const later = addDays(enrolledOn, random.between(1, 6));
  const isInTime = later <= lastKnownDayOf(month);
  return [month, isInTime && !random.chance(CHANCE.paidOnTheDay) ? later : enrolledOn];
}

function payRecently(random: RandomStream, person: DemoPerson): Months {
  if (person.enrolledOn > PAYMENTS_UNTIL || random.chance(2 * CHANCE.neverPaid)) return [];
  const first = payFirst(random, person);
  const [month, paidOn] = first;
  if (month === LATEST_MONTH) return random.chance(CHANCE.paidAhead) ? [first, [month + 1, paidOn]] : [first];
  const goesOn = random.chance(CHANCE.secondMonth * loyaltyOf(districtCodeOf(person.neighborhood)));
  return goesOn ? [first, [LATEST_MONTH, payDay(random, LATEST_MONTH)]] : [first];
}

/** The months after the first of somebody who paid more than one. */
function goOnPaying(random: RandomStream, { enrolledOn }: DemoPerson): Months {
  const second = monthNumber(enrolledOn) + 1;
  const story = random.next();
  if (story < CHANCE.fellBehind && second < LATEST_DUE_MONTH) return fallBehind(random, second);
  if (story > 1 - CHANCE.cameBack) return comeBack(random, second);
  return payOnTime(random, second, random.chance(CHANCE.currentMonth) ? LATEST_MONTH : LATEST_DUE_MONTH);
}

function payOnTime(random: RandomStream, from: MonthNumber, to: MonthNumber): Months {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => [
    from + index,
    payDay(random, from + index),
  ]);
}

function fallBehind(random: RandomStream, second: MonthNumber): Months {
  const open = random.between(1, Math.min(LONGEST_ARREARS_MONTHS, LATEST_DUE_MONTH - second));
  return payOnTime(random, second, LATEST_DUE_MONTH - open);
}

/** Leaves one month open, then pays again: the open one with it, or never. */
function comeBack(random: RandomStream, second: MonthNumber): Months {
  const gap = random.between(second, LATEST_DUE_MONTH);
  const back = gap + 1;
  const backOn = payDay(random, back);
  const isMended = gap === LATEST_DUE_MONTH || random.chance(CHANCE.gapWasPaidLater);
  return [
    ...payOnTime(random, second, gap - 1),
    ...(isMended ? [[gap, backOn] as const] : []),
    [back, backOn],
    ...payOnTime(random, back + 1, LATEST_DUE_MONTH),
  ];
}

/** A day of the month it pays for. */
function payDay(random: RandomStream, month: MonthNumber): string {
  const lastDay = Number(lastKnownDayOf(month).slice(8));
  return `${monthText(month)}-${String(random.between(1, lastDay)).padStart(2, '0')}`;
}

function lastKnownDayOf(month: MonthNumber): string {
  return month === LATEST_MONTH ? PAYMENTS_UNTIL : lastDayOf(month);
}
