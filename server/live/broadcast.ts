/**
 * Bytes, and who gets them. A group is everyone who asked the same of the same audience: its frame is rendered once,
 * however many follow, and the same bytes go to all. What the bytes say is not known here, nor how they travel.
 *
 * Guarantees
 * - One rendering per frame and group, and one more where newcomers get a frame as a SNAPSHOT. Nobody to take it, none.
 * - Nobody waits for a reader: whoever has no room is passed over, and gets the newest frame once there is room.
 * - A crowd is served in slices, so that whatever else the process has to do comes between them.
 * - Whoever leaves is let go at once; the last one closes the group and its source.
 *
 * It never queues: a group holds the newest frame and nothing older.
 */

import { type Group, onceForEach, type Payload, SharedGroup } from './group.ts';
import type { Follower } from './hub.ts';
import { Slices } from './slices.ts';

/** A small rendering takes about as long as serving this many readers. */
const RENDERING_READERS = 10;

export interface GroupOptions {
  /** As long as serving how many readers one of its renderings takes. */
  readonly worth?: number;
  readonly onClose?: () => void;
}

export interface Broadcast {
  /** The group of this name that is open. */
  find(name: string): Group | undefined;
  /** Opens a group on a source; there must be none of this name. It closes when the last of its readers leaves. */
  open<F extends object>(
    name: string,
    source: Follower<F>,
    render: (frame: F) => Buffer,
    options?: GroupOptions,
  ): Group;
  /** A group of no readers, for whoever fetches its newest bytes. */
  fetched<F extends object>(current: () => F | null, render: (frame: F) => Buffer): Fetched<F>;
  readonly groups: number;
  statistics(): BroadcastStatistics;
}

export interface Fetched<F> {
  /** The newest frame and its bytes, rendered once for each frame. Null where there is no frame. */
  newest(): { readonly frame: F; readonly bytes: Buffer } | null;
}

/** Since the start, but for the first two. */
export interface BroadcastStatistics {
  readonly groups: number;
  readonly followers: number;
  /** How often a document was executed and its answer written as bytes. */
  readonly renderings: number;
  /** Payloads that readers took. */
  readonly delivered: number;
  /** Times that a reader had no room. */
  readonly skipped: number;
}

export function createBroadcast(): Broadcast {
  const groups = new Map<string, Group>();
  const slices = new Slices();
  const counts = { renderings: 0, delivered: 0, skipped: 0 };
  const counted =
    <F>(render: (frame: F) => Buffer, worth = 0) =>
    (frame: F): Payload => {
      counts.renderings += 1;
      slices.spend(Math.max(RENDERING_READERS, worth));
      return { bytes: render(frame), wrapped: { ready: new Map(), loose: null } };
    };

  return {
    find: (name) => groups.get(name),
    open(name, source, render, { worth, onClose } = {}) {
      const close = () => {
        groups.delete(name);
        onClose?.();
      };
      const group = new SharedGroup(source, counted(render, worth), slices, counts, close);
      groups.set(name, group);
      return group;
    },
    fetched(current, render) {
      const payloadOf = onceForEach(counted(render));
      return {
        newest() {
          const frame = current();
          return frame && { frame, bytes: payloadOf(frame).bytes };
        },
      };
    },
    get groups() {
      return groups.size;
    },
    statistics: () => ({
      groups: groups.size,
      followers: [...groups.values()].reduce((sum, group) => sum + group.readers, 0),
      ...counts,
    }),
  };
}
