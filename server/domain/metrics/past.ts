import type { Pool } from 'pg';
import { createTurns } from '#server/base/turns.ts';
import type { Area, AreaIndex } from '../areas/area-index.ts';
import { type PastTotals, revisionAt, totalsAt } from './totals-at.ts';

export const PAST_LIMITS = {
  /** Questions of the public that the database works on at once, of the four that its readers have room for. */
  publicRunning: 2,
  /** Half a second of work. One document may ask 64. */
  publicWaiting: 256,
  /** Answers that are remembered, of some 300 bytes each. */
  remembered: 2_000,
} as const;

/** Too many questions of the public about the past wait already: this one was not begun. */
export class PastBusy extends Error {
  constructor() {
    super('Too many questions about the past wait at the moment: try again in a second.');
  }
}

/** Where areas stood, for a crowd: what was answered is remembered, and the public has turns. Throws PastBusy. */
export interface Past {
  /** As `totalsAt`. `epoch`: the one that the revision is of. */
  totalsAt(
    asker: 'public' | 'staff',
    epoch: string,
    area: Area,
    revision: number,
  ): Promise<PastTotals | null>;
  /** As `revisionAt`. */
  revisionAt(asker: 'public' | 'staff', at: number): Promise<number | null>;
}

export function createPast(pool: Pool, programId: number, areas: AreaIndex): Past {
  const turns = createTurns(PAST_LIMITS.publicRunning, PAST_LIMITS.publicWaiting);
  const remembered = new Map<string, Promise<PastTotals | null>>();

  const ask = async <T>(asker: 'public' | 'staff', work: () => Promise<T>): Promise<T> => {
    const answer = asker === 'staff' ? work() : turns(work);
    if (!answer) throw new PastBusy();
    return answer;
  };
  const keepYoung = (name: string, answer: Promise<PastTotals | null>) => {
    remembered.delete(name);
    remembered.set(name, answer);
    const [oldest] = remembered.keys();
    if (remembered.size > PAST_LIMITS.remembered && oldest !== undefined) remembered.delete(oldest);
  };

  return {
    totalsAt(asker, epoch, area, revision) {
      // A posted revision of an epoch never changes: nothing remembered grows old.
      const name = `${epoch} ${revision} ${area.id}`;
      const known = remembered.get(name);
      const answer =
        known ?? ask(asker, () => totalsAt(pool, programId, areas.neighborhoodIds(area), revision));
      keepYoung(name, answer);
      if (!known) {
        // One that is not there may come, and one that failed may succeed.
        const forget = () => remembered.get(name) === answer && remembered.delete(name);
        answer.then((found) => found ?? forget(), forget);
      }
      return answer;
    },
    revisionAt: (asker, at) => ask(asker, () => revisionAt(pool, programId, at)),
  };
}
