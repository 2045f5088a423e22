/**
 * The one way to the server's live data: a socket that never gives up.
 *
 * It is a loop around connections (`connect.ts`): one at a time, each a fresh graphql-ws client, and after whatever
 * ended it a jittered wait and another, for ever. So nothing is final here, no close code and no fault of the library;
 * a subscription that alone was refused or ended is asked again on the connection that stands.
 *
 * Three clocks notice what no event tells: a connection that is not acknowledged in five seconds, a ping without an
 * answer in five, and twenty seconds in which no follower got a valid frame. `failures` counts connections in a row
 * that brought nothing valid, so that whoever follows can look for another way meanwhile.
 *
 * And a fourth notices that the machine slept, when none of the three counted: whatever stood before is doubtful, so
 * followers are told for how long, the program's time is moved by as much, and another connection is made at once.
 *
 * It never judges what arrives (each follower says whether a frame was valid), keeps no data, and asks nothing of the
 * server on its own. A subscription's id is made from what it asks for, so that all screens which follow the same use
 * the same id, whatever they followed before, and the server can send them the same bytes.
 */

import { backoffMs } from './backoff.ts';
import { type Clock, pageClock, type SleepWatch, watchSleep } from './clock.ts';
import { connect, type WireConnection } from './connect.ts';
import type { TypedDocument } from './document.ts';
import { createFollower, type Follower } from './follower.ts';
import { createProgramTime, type ProgramTime } from './program-time.ts';
import { createStore, type Store } from './store.ts';

export type Connection = 'connecting' | 'open' | 'down';

/** A connection on which nothing valid has come for so long is given up, though it stands. */
export const silentAfterMs = 20_000;

export interface Socket {
  /** By whose time it waits. */
  readonly clock: Clock;
  /** The program's time, as the server tells it at the beginning of each connection and every ten seconds. */
  readonly programTime: ProgramTime;
  readonly connection: Store<Connection>;
  /** How many connections in a row have brought nothing valid. */
  readonly failures: Store<number>;
  /** How many answers so far had no data: the server does not know the question, or not whoever asks. */
  readonly refusals: Store<number>;
  /** Calls `listener` with the milliseconds that the machine was suspended, once it is awake, before it reconnects. */
  onSlept(listener: (sleptMs: number) => void): () => void;
  /**
   * Calls `onData` with each answer until the returned function is called; `onData` says whether the answer was valid.
   * A new connection starts a new stream. `onFailed` is told each time that it was refused or ended, or that a
   * connection went without a valid answer of its own, whatever others got on it.
   */
  follow<Data, Variables extends Record<string, unknown>>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    onData: (data: Data) => boolean,
    onFailed?: () => void,
  ): () => void;
  /** Leaves the connection, whatever its state, and makes another at once. */
  renew(): void;
  close(): void;
}

export interface SocketOptions {
  readonly url: string;
  /** For programs that are not a browser. */
  readonly webSocketImpl?: unknown;
  readonly random?: () => number;
  readonly clock?: Clock;
}

export function openSocket(options: SocketOptions): Socket {
  const { url, webSocketImpl, random = Math.random, clock = pageClock } = options;
  const programTime = createProgramTime(clock);
  const connection = createStore<Connection>('connecting');
  const failures = createStore(0);
  const refusals = createStore(0);
  const refused = () => refusals.set(refusals.get() + 1);
  const followers = new Set<Follower>();
  let current: { readonly wire: WireConnection; readonly ids: Map<string, number> } | null = null;
  let tries = 0;
  let hasBroughtAny = false;
  let cancelWait: () => void = () => undefined;
  let cancelSilence: () => void = () => undefined;
  const sleepers = new Set<(sleptMs: number) => void>();
  let sleep: SleepWatch | null = null;

  function slept(sleptMs: number): void {
    programTime.slept(sleptMs);
    for (const listener of [...sleepers]) listener(sleptMs);
    renew();
  }

  function begin(): void {
    cancelWait();
    hasBroughtAny = false;
    const wire = connect({
      url,
      webSocketImpl,
      clock,
      onOpen() {
        connection.set('open');
        listen();
      },
      onTime(nowMs) {
        // An answer of before the sleep tells the time of before it.
        if (sleep?.look() !== true) programTime.told(nowMs);
      },
      onEnd: () => again(backoffMs(tries++, random)),
    });
    current = { wire, ids: new Map() };
    for (const follower of followers) follower.start(wire, current.ids);
  }

  function listen(): void {
    cancelSilence();
    cancelSilence = clock.after(silentAfterMs, () => again(backoffMs(tries++, random)));
  }

  function heard(): void {
    hasBroughtAny = true;
    tries = 0;
    failures.set(0);
    listen();
  }

  function leave(): void {
    cancelWait();
    cancelSilence();
    for (const follower of followers) follower.stop();
    current?.wire.end();
    current = null;
  }

  function rest(): void {
    leave();
    sleep?.stop();
    sleep = null;
  }

  function renew(): void {
    leave();
    connection.set('down');
    if (followers.size > 0) begin();
  }

  function again(waitMs: number): void {
    const hasFailed = !hasBroughtAny;
    for (const follower of [...followers]) follower.lost();
    leave();
    connection.set('down');
    if (followers.size === 0) return;
    if (hasFailed) failures.set(failures.get() + 1);
    cancelWait = clock.after(waitMs, begin);
  }

  return {
    clock,
    programTime,
    connection,
    failures,
    refusals,
    onSlept(listener) {
      sleepers.add(listener);
      return () => void sleepers.delete(listener);
    },
    follow(document, variables, onData, onFailed = () => undefined) {
      const follower = createFollower(document, variables, onData, onFailed, {
        clock,
        random,
        heard,
        refused,
        hasSlept: () => sleep?.look() === true,
      });
      const isFirst = followers.size === 0;
      sleep ??= watchSleep(clock, slept);
      followers.add(follower);
      if (current !== null) follower.start(current.wire, current.ids);
      else if (isFirst) begin();
      return () => {
        followers.delete(follower);
        follower.stop();
        if (followers.size > 0) return;
        rest();
        connection.set('down');
      };
    },
    renew,
    close() {
      rest();
      followers.clear();
    },
  };
}
