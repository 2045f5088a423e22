import type { Clock } from '#server/base/clock.ts';
import { Latest } from '#server/base/latest.ts';
import type { FrameHead, FrameKind } from './frame.ts';
import { type Audience, beatOf } from './topic.ts';

/** Nothing changed for so long: say that one is still there. */
export const HEARTBEAT_MS = 5_000;
const HEARTBEAT_CHECK_MS = 1_000;

/** What a hub is of: topics by name, and how a topic's frame is made from memory; null where there is no such area. */
export interface HubOf<T, F> {
  readonly nameOf: (topic: T) => string;
  readonly makeFrame: (topic: T, kind: FrameKind, committedAt: number | null) => F | null;
}

/** A reader of one topic: an iterator with one slot, whose `return()` lets go at once. */
export interface Follower<F> extends AsyncIterableIterator<F> {
  /** The topic's newest frame, read or not: the same object for all who follow it. */
  readonly newest: F;
  /** The same as a newcomer gets it: made once for each frame. */
  readonly snapshot: F;
  /** Another one with each SNAPSHOT to everyone: whoever missed that gets the newest frame as one. */
  readonly era: number;
}

export interface Hub<T, F> {
  /** Begins with a SNAPSHOT; null where there is no such area. */
  follow(topic: T, audience: Audience): Follower<F> | null;
  /** The newest frame of a topic, as followers have it or would get it. */
  current(topic: T, audience: Audience): F | null;
  /** Figures moved: `committedAt` gives the oldest commit among what is new in a topic; null where nothing is. */
  moved(committedAt: (topic: T) => number | null): void;
  /** Everyone gets the whole state at once: another epoch, or the program's own row changed. */
  snapshot(): void;
  /** While suspended every frame says so and shows what was shown last; nothing moves. */
  suspend(isSuspended: boolean): void;
  readonly followers: number;
  readonly topics: number;
  close(): void;
}

interface Channel<T, F> {
  readonly topic: T;
  readonly lane: Lane<T, F>;
  readonly readers: Set<Latest<F>>;
  frame: F;
  /** `frame` as a newcomer gets it, made once. */
  snapshot: F | null;
  era: number;
  /** Oldest commit not yet sent; null where there is none. */
  owed: number | null;
  sentAt: number;
}

/** All channels of one pace. */
interface Lane<T, F> {
  readonly beatMs: number;
  readonly channels: Map<string, Channel<T, F>>;
  lastBeatAt: number;
  cancelBeat: (() => void) | null;
}

/**
 * Folds what the feed found into frames, one per topic and beat. The first change after a pause leaves at once, then
 * at most one frame a beat; a frame that replaces another keeps the oldest commit time of both, so that the delay
 * measured from it is honest. Who reads slowly skips frames and never holds anyone up.
 */
export function createHub<T, F extends FrameHead>(
  clock: Clock,
  { nameOf, makeFrame }: HubOf<T, F>,
  isLookFresh: () => boolean,
): Hub<T, F> {
  const lanes = new Map<number, Lane<T, F>>();
  let isSuspended = false;

  const laneOf = (audience: Audience): Lane<T, F> => {
    const beatMs = beatOf(audience);
    let lane = lanes.get(beatMs);
    if (!lane) {
      lane = { beatMs, channels: new Map(), lastBeatAt: Number.NEGATIVE_INFINITY, cancelBeat: null };
      lanes.set(beatMs, lane);
    }
    return lane;
  };

  const send = (channel: Channel<T, F>, kind: FrameKind) => {
    const frame: F | null = isSuspended
      ? { ...channel.frame, kind: 'SUSPENDED', committedAt: null }
      : makeFrame(channel.topic, kind, kind === 'UPDATE' ? channel.owed : null);
    if (!frame) return;
    channel.frame = frame;
    channel.snapshot = null;
    if (kind === 'SNAPSHOT') channel.era += 1;
    channel.owed = null;
    channel.sentAt = clock.now();
    for (const reader of channel.readers) reader.put(frame);
  };

  const beat = (lane: Lane<T, F>) => {
    lane.cancelBeat = null;
    let hasSent = false;
    for (const channel of lane.channels.values()) {
      if (channel.owed === null) continue;
      send(channel, 'UPDATE');
      hasSent = true;
    }
    if (hasSent) lane.lastBeatAt = clock.now();
  };

  const schedule = (lane: Lane<T, F>) => {
    if (lane.cancelBeat) return;
    // A clock that was set back holds nobody up for longer than a beat.
    const wait = Math.min(lane.lastBeatAt + lane.beatMs - clock.now(), lane.beatMs);
    if (wait <= 0) beat(lane);
    else lane.cancelBeat = clock.after(wait, () => beat(lane), { background: true });
  };

  const everyChannel = function* () {
    for (const lane of lanes.values()) yield* lane.channels.values();
  };

  const cancelHeartbeat = clock.every(
    HEARTBEAT_CHECK_MS,
    () => {
      if (!isLookFresh() && !isSuspended) return;
      for (const channel of everyChannel()) {
        // Where a change is owed the next beat brings it, as what it is.
        if (channel.owed !== null) continue;
        if (Math.abs(clock.now() - channel.sentAt) >= HEARTBEAT_MS) send(channel, 'HEARTBEAT');
      }
    },
    { background: true },
  );

  const channelOf = (topic: T, audience: Audience): Channel<T, F> | null => {
    const lane = laneOf(audience);
    const name = nameOf(topic);
    const known = lane.channels.get(name);
    if (known) return known;
    const frame = makeFrame(topic, isSuspended ? 'SUSPENDED' : 'SNAPSHOT', null);
    if (!frame) return null;
    const channel: Channel<T, F> = {
      topic,
      lane,
      readers: new Set(),
      frame,
      snapshot: null,
      era: 0,
      owed: null,
      sentAt: clock.now(),
    };
    lane.channels.set(name, channel);
    return channel;
  };

  return {
    follow(topic, audience) {
      const channel = channelOf(topic, audience);
      if (!channel) return null;
      const reader: Reader<T, F> = new Reader(channel, () => {
        channel.readers.delete(reader);
        if (channel.readers.size === 0) channel.lane.channels.delete(nameOf(topic));
      });
      channel.readers.add(reader);
      reader.put(reader.snapshot);
      return reader;
    },
    current(topic, audience) {
      return channelOf(topic, audience)?.frame ?? null;
    },
    moved(committedAt) {
      for (const lane of lanes.values()) {
        let isDue = false;
        for (const channel of lane.channels.values()) {
          const oldest = committedAt(channel.topic);
          if (oldest === null) continue;
          channel.owed = Math.min(channel.owed ?? oldest, oldest);
          isDue = true;
        }
        if (isDue) schedule(lane);
      }
    },
    snapshot() {
      for (const channel of everyChannel()) send(channel, 'SNAPSHOT');
    },
    suspend(next) {
      if (next === isSuspended) return;
      isSuspended = next;
      for (const channel of everyChannel()) send(channel, 'SNAPSHOT');
    },
    get followers() {
      return [...everyChannel()].reduce((sum, channel) => sum + channel.readers.size, 0);
    },
    get topics() {
      return [...everyChannel()].length;
    },
    close() {
      cancelHeartbeat();
      for (const lane of lanes.values()) {
        lane.cancelBeat?.();
        for (const channel of lane.channels.values()) for (const reader of channel.readers) reader.end();
      }
    },
  };
}

class Reader<T, F extends FrameHead> extends Latest<F> implements Follower<F> {
  readonly #channel: Channel<T, F>;

  constructor(channel: Channel<T, F>, onReturn: () => void) {
    super(onReturn);
    this.#channel = channel;
  }

  /** What is another epoch's or was wrong may not pass as a mere word: an unread SNAPSHOT is replaced by a SNAPSHOT. */
  override put(frame: F): boolean {
    return super.put(this.unread && isSnapshot(this.unread) ? asSnapshot(frame) : frame);
  }

  get era(): number {
    return this.#channel.era;
  }

  get newest(): F {
    return this.#channel.frame;
  }

  get snapshot(): F {
    this.#channel.snapshot ??= asSnapshot(this.#channel.frame);
    return this.#channel.snapshot;
  }
}

function isSnapshot({ kind }: FrameHead): boolean {
  return kind !== 'UPDATE' && kind !== 'HEARTBEAT';
}

function asSnapshot<F extends FrameHead>(frame: F): F {
  return isSnapshot(frame) ? frame : { ...frame, kind: 'SNAPSHOT', committedAt: null };
}
