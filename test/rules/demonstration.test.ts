import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apportion } from '#server/commands/demo/apportion.ts';
import { weekdayOf } from '#server/commands/demo/days.ts';
import { ENROLLED_AT_OPENING, planDemonstration } from '#server/commands/demo/plan.ts';
import { arrivalDelayMs, TRAFFIC_LIMIT, trafficPerson } from '#server/commands/demo/traffic.ts';
import { districtCodeOf } from '#server/domain/areas/area-code.ts';
import { readAreaTree } from '#server/domain/areas/read-area-tree.ts';
import { type CoveredMonth, classify } from '#server/domain/contributions/persistency.ts';
import { checkNik, isSimulatedNik, nikWarnings } from '#server/domain/enrollments/nik.ts';

const OPENING_DAY = '2025-10-29';
const LAST_CLOSED_DAY = '2025-10-28';
const TARGET = 25;

const areas = readAreaTree();
const neighborhoods = areas.filter((area) => area.level === 'NEIGHBORHOOD').map((area) => area.code);
const plan = planDemonstration(areas);
const people = plan.days.flatMap((day) => day.enrollments);
const contributions = plan.days.flatMap((day) => day.contributions);

const covered = new Map<string, CoveredMonth[]>(people.map((person) => [person.nik, []]));
for (const { nik, period, paidOn } of contributions) covered.get(nik)?.push({ period, paidOn });
const monthsOf = (nik: string) => covered.get(nik) ?? [];

function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}
const inNeighborhood = countBy(people, (person) => person.neighborhood);
const classOf = (person: (typeof people)[number]) =>
  classify({ enrolledOn: person.enrolledOn, covered: monthsOf(person.nik), closedDay: LAST_CLOSED_DAY });

/** Enrolled of target in each district, the highest first. */
function ratesByDistrict(): { name: string; rate: number }[] {
  const enrolled = countBy(people, (person) => districtCodeOf(person.neighborhood));
  const heads = countBy(neighborhoods, districtCodeOf);
  return areas
    .filter((area) => area.level === 'DISTRICT')
    .map(({ code, shortName }) => ({
      name: shortName,
      rate: (enrolled.get(code) ?? 0) / ((heads.get(code) ?? 0) * TARGET),
    }))
    .sort((a, b) => b.rate - a.rate);
}

describe('the demonstration', () => {
  it('[PRG-1] enrolls 37,058 people, each in a neighborhood that exists', () => {
    expect(people).toHaveLength(ENROLLED_AT_OPENING);
    expect(ENROLLED_AT_OPENING).toBe(37_058);
    expect([...inNeighborhood.keys()].filter((code) => !neighborhoods.includes(code))).toEqual([]);
  });

  it('[PRG-2] lets the seven districts of the ceremony lead by rate in their order, the others clearly behind', () => {
    const rates = ratesByDistrict();
    const named = ['Tembung', 'Tuntungan', 'Sunggal', 'Marelan', 'Kota', 'Petisah', 'Baru'];
    expect(rates.slice(0, 7).map(({ name }) => name)).toEqual(named);
    const perMille = rates.slice(0, 7).map(({ rate }) => Math.round(rate * 1000));
    expect(perMille).toEqual([894, 871, 858, 842, 829, 817, 806]);
    expect(rates[7]?.rate).toBeLessThan(0.78);
  });

  it('[PRG-2] is uneven below the district: some keplings are done, some have hardly begun, most are on their way', () => {
    const counts = neighborhoods.map((code) => inNeighborhood.get(code) ?? 0);
    const share = (from: number, to: number) =>
      counts.filter((n) => n >= from && n <= to).length / counts.length;
    expect(share(TARGET, 99)).toBeGreaterThan(0.25);
    expect(share(TARGET, 99)).toBeLessThan(0.35);
    expect(share(0, 7)).toBeGreaterThan(0.02);
    expect(share(0, 7)).toBeLessThan(0.08);
    expect(share(TARGET + 1, 99)).toBeGreaterThan(0.1);
    expect(Math.max(...counts)).toBeLessThan(35);
  });

  it('[PRG-3] has 18,152 people with exactly one covered month, and each month of a person once', () => {
    const months = people.map((person) => monthsOf(person.nik));
    expect(months.filter((each) => each.length === 1)).toHaveLength(18_152);
    const none = months.filter((each) => each.length === 0).length;
    expect(none).toBeGreaterThan(200);
    expect(none).toBeLessThan(1_000);
    expect(months.every((each) => new Set(each.map(({ period }) => period)).size === each.length)).toBe(true);
    expect(contributions.every(({ amount }) => amount === 16_800)).toBe(true);
  });

  it('[PRG-3] shows every class of payer on the last closed day, in proportions that one can believe', () => {
    const classes = countBy(people, classOf);
    const count = (name: string) => classes.get(name) ?? 0;
    const paying = count('PAYING') + count('RESUMED');
    expect(paying).toBeGreaterThan(13_000);
    expect(paying).toBeLessThan(14_000);
    expect(count('TOO_NEW')).toBeGreaterThan(5_000);
    expect(count('TOO_NEW')).toBeLessThan(9_000);
    for (const name of ['RESUMED', 'STOPPED', 'IN_ARREARS', 'LAPSED'])
      expect(count(name)).toBeGreaterThan(1_000);
    expect([...classes.values()].reduce((a, b) => a + b)).toBe(ENROLLED_AT_OPENING);
  });

  it('[PRG-4] is of people whose numbers cannot be issued, are right in form, agree with their births and differ', () => {
    expect(new Set(people.map((person) => person.nik)).size).toBe(people.length);
    const wrong = people.filter(({ nik, birthDate, enrolledOn }) => {
      const inDemonstration = checkNik(nik, { allowSimulated: true });
      const live = checkNik(nik, { allowSimulated: false });
      const isRefusedLive = 'problem' in live && live.problem === 'SIMULATED_NOT_ALLOWED';
      const isAccepted = 'nik' in inDemonstration && inDemonstration.nik === nik;
      const warnings = nikWarnings(nik, { on: enrolledOn, birthDate });
      return !(isSimulatedNik(nik) && isAccepted && isRefusedLive && warnings.length === 0);
    });
    expect(wrong).toEqual([]);
  });

  it('[PRG-5] goes day by day from the launch to the ceremony, and nobody pays before enrolling or after the cut-off', () => {
    expect(plan.days[0]?.day).toBe('2025-05-14');
    expect(plan.days.at(-1)?.day).toBe(OPENING_DAY);
    const enrolledOn = new Map<string, string>();
    for (const [index, { day, enrollments, contributions: paid }] of plan.days.entries()) {
      const before = plan.days[index - 1]?.day;
      if (before) expect(Date.parse(day) - Date.parse(before)).toBe(86_400_000);
      expect(enrollments.filter((person) => person.enrolledOn !== day)).toEqual([]);
      for (const { nik } of enrollments) enrolledOn.set(nik, day);
      const wrong = paid.filter(({ nik, paidOn, period }) => {
        const since = enrolledOn.get(nik);
        const isAfterEnrolling = since !== undefined && since.slice(0, 7) <= period;
        return !(isAfterEnrolling && paidOn === day && day <= LAST_CLOSED_DAY);
      });
      expect(wrong).toEqual([]);
    }
  });

  it('[PRG-6] follows the launch, a lull and a push, quiet on Sundays and public holidays', () => {
    const on = new Map(plan.days.map(({ day, enrollments }) => [day, enrollments.length]));
    const between = (from: string, to: string) =>
      plan.days
        .filter(({ day }) => day >= from && day <= to && weekdayOf(day) >= 1 && weekdayOf(day) <= 4)
        .reduce((sum, { enrollments }, _, days) => sum + enrollments.length / days.length, 0);
    const [launch, lull, push] = [
      between('2025-05-19', '2025-05-28'),
      between('2025-09-10', '2025-10-02'),
      between('2025-10-22', LAST_CLOSED_DAY),
    ];
    expect(launch).toBeGreaterThan(4 * lull);
    expect(push).toBeGreaterThan(3 * lull);
    for (const { day, enrollments } of plan.days)
      if (weekdayOf(day) === 0) expect(enrollments.length).toBeLessThan(60);
    for (const day of ['2025-05-29', '2025-06-06', '2025-06-27', '2025-08-18', '2025-09-05']) {
      expect(on.get(day)).toBeLessThan(40);
    }
    expect(on.get(OPENING_DAY)).toBeLessThan(30);
    expect(on.get(OPENING_DAY)).toBeGreaterThan(0);
  });

  it('[PRG-7] is the same plan to the byte every time and everywhere', () => {
    const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
    expect(digest(planDemonstration(areas))).toBe(digest(plan));
    expect(digest(plan)).toBe('5f5eedeaf6463460fad14566e49b6f9a160535e50fef2709b5b439f0cd40a03c');
  });

  it('[PRG-7] apportions whole numbers that sum to their total and stay within one of the exact share', () => {
    const weights = fc
      .array(fc.nat(1000), { minLength: 1, maxLength: 60 })
      .filter((all) => all.some((each) => each > 0));
    fc.assert(
      fc.property(fc.nat(100_000), weights, (total, all) => {
        const shares = apportion(total, all);
        const sum = all.reduce((a, b) => a + b);
        expect(shares.reduce((a, b) => a + b)).toBe(total);
        for (const [index, share] of shares.entries()) {
          expect(Math.abs(share - (total * (all[index] ?? 0)) / sum)).toBeLessThan(1 + 1e-6);
        }
      }),
    );
  });
});

describe('the traffic of the demonstration', () => {
  const openGaps = () =>
    new Map(neighborhoods.map((code) => [code, Math.max(0, TARGET - (inNeighborhood.get(code) ?? 0))]));

  it('[PRG-8] fills the gaps that remain, one person at a time, and ends when there is none', () => {
    const gaps = openGaps();
    const missing = [...gaps.values()].reduce((a, b) => a + b);
    const numbers = new Set(people.map((person) => person.nik));
    let index = 0;
    for (; ; index++) {
      const person = trafficPerson({ index, gaps, enrolledOn: OPENING_DAY });
      if (!person) break;
      const gap = gaps.get(person.neighborhood) ?? 0;
      expect(gap).toBeGreaterThan(0);
      gaps.set(person.neighborhood, gap - 1);
      expect(checkNik(person.nik, { allowSimulated: true })).toEqual({ nik: person.nik });
      expect(nikWarnings(person.nik, { on: OPENING_DAY, birthDate: person.birthDate })).toEqual([]);
      numbers.add(person.nik);
    }
    expect(index).toBe(missing);
    expect(numbers.size).toBe(people.length + missing);
  });

  it('[PRG-8] gives no number twice over its whole length, nor over two streams', () => {
    const gaps = new Map([['12.71.14.1001-001', 1]]);
    const indexes = fc.nat(TRAFFIC_LIMIT - 1);
    fc.assert(
      fc.property(indexes, indexes, (one, other) => {
        const nik = (index: number, stream: 'traffic' | 'rehearsal') =>
          trafficPerson({ index, gaps, enrolledOn: OPENING_DAY, stream })?.nik;
        expect(nik(one, 'traffic')).not.toBe(nik(other, 'rehearsal'));
        expect(nik(one, 'traffic') === nik(other, 'traffic')).toBe(one === other);
      }),
    );
  });

  it('[PRG-8] goes mostly where most is lacking', () => {
    const gaps = new Map([
      ['12.71.14.1001-001', 20],
      ['12.71.14.1001-002', 2],
      ['12.71.14.1001-003', 0],
    ]);
    const codes = Array.from({ length: 500 }, (_, index) =>
      trafficPerson({ index, gaps, enrolledOn: OPENING_DAY }),
    ).map((person) => person?.neighborhood ?? '');
    const counts = countBy(codes, (code) => code);
    expect(counts.get('12.71.14.1001-001')).toBeGreaterThan(3 * (counts.get('12.71.14.1001-002') ?? 0));
    expect(counts.get('12.71.14.1001-002')).toBeGreaterThan(25);
    expect(counts.has('12.71.14.1001-003')).toBe(false);
  });

  it('[PRG-8] arrives irregularly and on average as often as it is asked to', () => {
    const delays = Array.from({ length: 2_000 }, (_, index) => arrivalDelayMs(index, 20));
    const mean = delays.reduce((a, b) => a + b) / delays.length;
    expect(mean).toBeGreaterThan(2_900);
    expect(mean).toBeLessThan(3_100);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(1_200);
    expect(Math.max(...delays)).toBeLessThanOrEqual(4_800);
  });
});
