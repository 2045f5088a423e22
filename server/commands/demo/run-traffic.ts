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

/** After a failure: the database may be away for a while. */
const RETRY_MS = 5_000;

/** The demonstration's gentle traffic, until the city's target is reached. Returns how to stop it. */
export function runTraffic(options: {
  readonly intake: Intake;
  readonly live: Live;
  readonly actor: Actor;
  readonly clock: Clock;
  readonly log: Log;
  readonly perMinute: number;
}): () => void {
  const { intake, live, actor, clock, log, perMinute } = options;
  let index = Math.max(0, enrolledNow() - ENROLLED_AT_OPENING);
  let cancel = () => {};
  let isStopped = false;

  function enrolledNow(): number {
    return live.totals(intake.areas.city.code)?.area.figures.enrolled ?? 0;
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
    if (!city || city.enrolled >= city.target || index >= TRAFFIC_LIMIT) {
      log.info('simulated traffic has reached the target and ends');
      return;
    }
    let isTaken = false;
    try {
      const person = trafficPerson({ index, gaps: gaps(), enrolledOn: jakartaDay(intake.now()) });
      if (!person) return;
      const answer = await enroll(intake, actor, `traffic ${live.epoch} ${index}`, person);
      // A number that was taken before is skipped at once: the count of enrolled says only roughly where it stood.
      isTaken = isRefusal(answer) && answer.refusal === 'DuplicateEnrollment';
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
