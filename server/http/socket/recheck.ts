import type { Clock } from '#server/base/clock.ts';
import type { Log } from '#server/base/log.ts';
import type { Actor } from '#server/domain/access/policy.ts';
import { type Doorkeeper, readHolders } from '../credentials.ts';
import type { Client } from './client.ts';
import { CLOSE } from './close-codes.ts';
import { LOOK_MS } from './line.ts';

/** How often everybody is read again though no grant changed: a session also ends by itself. */
const EVERY_LOOKS = 60_000 / LOOK_MS;
/** After the database could not be asked. */
const RETRY_LOOKS = 1_000 / LOOK_MS;

export interface Recheck {
  /** A grant changed: whoever is here is read again. */
  again(): void;
  /** A moment has passed. */
  look(): void;
}

/**
 * Whether clients are still who they were when they came; who is not, or whose session has ended, is cut.
 *
 * All are read together, in the same few queries for one and for thousands. One reading runs at a time, and however
 * often it is asked for meanwhile, one more follows. A database that does not answer cuts nobody: it is asked again.
 */
export function createRecheck(
  clients: ReadonlySet<Client>,
  { doorkeeper, clock, log }: { readonly doorkeeper: Doorkeeper; readonly clock: Clock; readonly log: Log },
): Recheck {
  let isReading = false;
  let isAskedAgain = false;
  let hasFailed = false;
  let looksLeft = EVERY_LOOKS;
  /** When the first session ends, as far as is known; milliseconds since the epoch. */
  let endsFirst = Number.POSITIVE_INFINITY;

  const read = async () => {
    const here = [...clients].filter(({ actor }) => actor);
    const holdersOf = await readHolders(
      doorkeeper,
      here.map(({ presented }) => presented),
      clock.now(),
    );
    endsFirst = Number.POSITIVE_INFINITY;
    for (const client of here) {
      const ends = holdersOf(client.presented)
        .filter(({ actor }) => isSame(actor, client.actor))
        .map(({ endsAt }) => endsAt);
      if (ends.length === 0) client.line.cut(CLOSE.FORBIDDEN);
      else endsFirst = Math.min(endsFirst, ...ends);
    }
  };

  const readAll = async () => {
    isReading = true;
    try {
      do {
        isAskedAgain = false;
        looksLeft = EVERY_LOOKS;
        await read();
      } while (isAskedAgain);
      if (hasFailed) log.info('grants of sockets can be read again');
      hasFailed = false;
    } catch (err) {
      if (!hasFailed) log.warn({ err }, 'grants of sockets could not be read again; trying on');
      hasFailed = true;
      looksLeft = RETRY_LOOKS;
    } finally {
      isReading = false;
    }
  };

  const again = () => {
    if (isReading) isAskedAgain = true;
    else void readAll();
  };

  return {
    again,
    look() {
      if (isReading) return;
      looksLeft -= 1;
      const isDue = looksLeft <= 0 || (!hasFailed && clock.now() >= endsFirst);
      if (isDue) again();
    },
  };
}

function isSame(now: Actor, then: Actor | null): boolean {
  return now.principalId === then?.principalId && now.role === then.role && now.areaCode === then.areaCode;
}
