import type { Clock } from '#server/base/clock.ts';
import { jakartaDay } from '#server/base/day.ts';
import type { Log } from '#server/base/log.ts';
import { isRefusal } from '#server/base/refusal.ts';
import type { Actor } from '#server/domain/access/policy.ts';
import { enroll } from '#server/domain/enrollments/enroll.ts';
import type { Intake } from '#server/domain/enrollments/intake.ts';
import type { Live } from '#server/live/live.ts';
import { ENROLLED_AT_OPENING } from './plan.ts';
import { arrivalDelayMs, TRAFFIC_LIMIT, trafficPerson } from './traffic.ts';

/** After a failure, or while there is nothing to do: the database may be away, the target reached. */
const RETRY_MS = 5_000;

/** The demonstration's gentle traffic, up to the city's target. Returns how to stop it. */
export function runTraffic(options: {
  readonly intake: Intake;
  readonly live: Live;
  readonly actor: Actor;
  readonly clock: Clock;
  readonly log: Log;
  readonly perMinute: number;
}): () => void {
  const { intake, live, actor, clock, log, perMinute } = options;
  let epoch = live.epoch;
  let index = firstIndex();
  let cancel = () => {};
  let isStopped = false;

  /** Roughly: a person taken out again makes it too low, and a number that was taken before is skipped. */
  function firstIndex(): number {
    const enrolled = live.totals(intake.areas.city.code)?.area.figures.enrolled ?? 0;
    return Math.max(0, enrolled - ENROLLED_AT_OPENING);
  }

  const gaps = () =>
    new Map(
      intake.areas.all
        .filter((area) => area.level === 'NEIGHBORHOOD')
        .map((area) => {
          const figures = live.totals(area.code)?.area.figures;
          return [area.code, figures ? figures.target - figures.enrolled : 0] as const;
        }),
    );

  const arrive = async () => {
    const city = live.totals(intake.areas.city.code)?.area.figures;
    // Put back to its first day, or complete: it may go on later.
    if (!live.program.isOpen || !city || city.enrolled >= city.target) return schedule(RETRY_MS);
    if (live.epoch !== epoch) {
      epoch = live.epoch;
      index = firstIndex();
    }
    try {
      const enrolledOn = jakartaDay(intake.now());
      const person = index < TRAFFIC_LIMIT ? trafficPerson({ index, gaps: gaps(), enrolledOn }) : null;
      if (!person) return schedule(RETRY_MS);
      const answer = await enroll(intake, actor, `traffic ${epoch} ${index}`, person);
      const isTaken = isRefusal(answer) && answer.refusal === 'DuplicateEnrollment';
      index += 1;
      schedule(isTaken ? 0 : arrivalDelayMs(index, perMinute));
    } catch (err) {
      log.warn({ err }, 'a simulated arrival failed; trying on');
      schedule(RETRY_MS);
    }
  };

  const schedule = (ms: number) => {
    if (!isStopped) cancel = clock.after(ms, () => void arrive(), { background: true });
  };
  schedule(arrivalDelayMs(index, perMinute));
  return () => {
    isStopped = true;
    cancel();
  };
}
