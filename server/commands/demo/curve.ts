import { addDays } from '#server/base/day.ts';
import { apportion } from './apportion.ts';
import { daysBetween, weekdayOf } from './days.ts';
import { randomStream } from './random.ts';

const FIRST_DAY = '2025-05-14';
/** The day of the ceremony: enrollments of the hours before it opens. */
const LAST_DAY = '2025-10-29';

const ENROLLED_ON_THE_LAST_MORNING = 14;

/** Enrollments of an ordinary working day, joined by straight lines: launch, lull, push before the ceremony. */
const PACE: readonly (readonly [day: string, pace: number])[] = [
  ['2025-05-14', 480],
  ['2025-05-19', 760],
  ['2025-05-31', 520],
  ['2025-06-30', 330],
  ['2025-07-31', 235],
  ['2025-08-31', 120],
  ['2025-09-20', 74],
  ['2025-10-08', 105],
  ['2025-10-20', 300],
  ['2025-10-28', 560],
];
/** Public holidays of 2025 and the days the government gave off with them. */
const DAYS_OFF: ReadonlySet<string> = new Set([
  '2025-05-29',
  '2025-05-30',
  '2025-06-06',
  '2025-06-09',
  '2025-06-27',
  '2025-08-18',
  '2025-09-05',
]);
const SUNDAY = 0;
const SATURDAY = 6;
const QUIET = { sunday: 0.07, saturday: 0.5, dayOff: 0.05 };
const WEATHER = { least: 0.82, most: 1.18 };

/** How many enroll on each day from the first to the last, in order; sums to `total` exactly. */
export function enrollmentsByDay(total: number): ReadonlyMap<string, number> {
  const random = randomStream('weather');
  const days: string[] = [];
  for (let day = FIRST_DAY; day < LAST_DAY; day = addDays(day, 1)) days.push(day);
  const weights = days.map((day) => {
    const luck = WEATHER.least + (WEATHER.most - WEATHER.least) * random.next();
    return paceOn(day) * quietness(day) * luck;
  });
  const counts = apportion(total - ENROLLED_ON_THE_LAST_MORNING, weights);
  return new Map([
    ...days.map((day, index): [string, number] => [day, counts[index] ?? 0]),
    [LAST_DAY, ENROLLED_ON_THE_LAST_MORNING],
  ]);
}

function quietness(day: string): number {
  if (DAYS_OFF.has(day)) return QUIET.dayOff;
  const weekday = weekdayOf(day);
  return weekday === SUNDAY ? QUIET.sunday : weekday === SATURDAY ? QUIET.saturday : 1;
}

function paceOn(day: string): number {
  const after = PACE.findIndex(([anchor]) => anchor >= day);
  const [toDay, to] = PACE[after] ?? [day, 0];
  const [fromDay, from] = PACE[after - 1] ?? [toDay, to];
  const length = daysBetween(fromDay, toDay);
  return length === 0 ? to : from + ((to - from) * daysBetween(fromDay, day)) / length;
}
