import { isRefusal } from '#server/base/refusal.ts';
import { enroll, enrollBatch } from '#server/domain/enrollments/enroll.ts';
import type { Intake } from '#server/domain/enrollments/intake.ts';
import { withdraw } from '#server/domain/enrollments/withdraw.ts';
import { BPJS, KEPLING, NEIGHBORHOODS, person } from './small-program.ts';

/** People whom all writers fight over: few, so that duplicates and returns are common. */
const PEOPLE = 60;

/** One writer: enrolls, withdraws, repeats itself, and sends batches, by its seed. Gives how many were accepted. */
export async function writeAtRandom(intake: Intake, seed: number, steps: number): Promise<number> {
  const random = randomNumbers(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const mine: string[] = [];
  let accepted = 0;
  for (let step = 0; step < steps; step++) {
    const kind = below(10);
    const who = person(below(PEOPLE), { neighborhood: NEIGHBORHOODS[below(NEIGHBORHOODS.length)] as string });
    const key = `${seed} ${step}`;
    if (kind < 3 && mine.length > 0) {
      const [enrollmentId = ''] = mine.splice(below(mine.length), 1);
      const input = { enrollmentId, reason: 'ENTERED_IN_ERROR' } as const;
      const answers = [await withdraw(intake, BPJS, key, input), await withdraw(intake, BPJS, key, input)];
      if (JSON.stringify(answers[0]) !== JSON.stringify(answers[1])) throw new Error('another second answer');
      accepted += 1;
    } else if (kind < 5) {
      const people = Array.from({ length: 1 + below(6) }, () => person(below(PEOPLE)));
      for (const { answer } of await enrollBatch(intake, BPJS, key, people)) {
        if (isRefusal(answer)) continue;
        mine.push(answer.enrollmentId);
        accepted += 1;
      }
    } else {
      const actor = kind === 9 ? KEPLING : BPJS;
      const input = kind === 9 ? { ...who, neighborhood: NEIGHBORHOODS[0] as string } : who;
      // Twice at once, as a client does whose first try timed out.
      const [first, again] = await Promise.all([
        enroll(intake, actor, key, input),
        enroll(intake, actor, key, input),
      ]);
      if (isRefusal(first) !== isRefusal(again)) throw new Error('the same key got a yes and a no');
      if (isRefusal(first)) continue;
      mine.push(first.enrollmentId);
      accepted += 1;
    }
  }
  return accepted;
}

/** Mulberry32: the same numbers from 0 to 1 for the same seed, in every process. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
