import { backoffMs } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { WireConnection } from './connect.ts';
import { hashOf, type TypedDocument } from './document.ts';

/** One subscription, asked again on every connection. */
export interface Follower {
  /** Asks on a connection that is being made; `ids` are those in use on it. */
  start(on: WireConnection, ids: Map<string, number>): void;
  stop(): void;
  /** The connection is lost. */
  lost(): void;
}

/** What a follower has of the socket it is on. */
export interface Means {
  readonly clock: Clock;
  readonly random: () => number;
  readonly heard: () => void;
  readonly refused: () => void;
  /** Looks whether the machine slept; what came on a connection of before is then of nobody. */
  readonly hasSlept: () => boolean;
}

/**
 * Follows one question: by the same id as everybody who asks the same, and again, after a jittered pause, whenever it
 * alone was refused or ended. `onData` says whether an answer was valid; `onFailed` is told each time that it was
 * refused or ended, or that a connection was lost which had brought it nothing valid.
 */
export function createFollower<Data, Variables extends Record<string, unknown>>(
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  onData: (data: Data) => boolean,
  onFailed: () => void,
  { clock, random, heard, refused, hasSlept }: Means,
): Follower {
  const hash = hashOf(document);
  const payload = { query: '', variables, extensions: { persistedQuery: { version: 1, sha256Hash: hash } } };
  const subject = [hash.slice(0, 8), ...Object.values(variables).map((value) => value ?? '')].join(':');
  let stop: () => void = () => undefined;
  let refusals = 0;
  let lost: () => void = () => undefined;

  function start(on: WireConnection, ids: Map<string, number>): void {
    let isOver = false;
    let hasBroughtAny = false;
    let cancelPause: () => void = () => undefined;
    const again = () => {
      if (isOver) return;
      isOver = true;
      release();
      cancelPause = clock.after(backoffMs(refusals++, random), () => start(on, ids));
      onFailed();
    };
    const release = on.subscribe<Data>(freshId(ids, subject), payload, {
      next(answer) {
        if (isOver || hasSlept()) return;
        if (!answer.data || answer.errors) {
          refused();
          return again();
        }
        refusals = 0;
        if (!onData(answer.data)) return;
        hasBroughtAny = true;
        heard();
      },
      over: again,
    });
    lost = () => {
      if (!isOver && !hasBroughtAny) onFailed();
    };
    stop = () => {
      isOver = true;
      cancelPause();
      release();
    };
  }

  return { start, stop: () => stop(), lost: () => lost() };
}

/**
 * The subject itself the first time on a connection. A server may still be ending the stream before under its id, and
 * would end the new one with it: so a second one gets a number.
 */
function freshId(ids: Map<string, number>, subject: string): string {
  const used = ids.get(subject) ?? 0;
  ids.set(subject, used + 1);
  return used === 0 ? subject : `${subject}~${used + 1}`;
}
