import { describe, expect, it } from 'vitest';
import { createBroadcast } from '#server/live/broadcast.ts';
import type { FrameHead } from '#server/live/frame.ts';
import type { Group, Payload, Reader, Seat } from '#server/live/group.ts';
import { createHub } from '#server/live/hub.ts';
import { type HeldClock, heldClock } from '#test/support/held-clock.ts';

interface Counted extends FrameHead {
  readonly number: number;
}

/** A group that follows a hub over one number, which counts up with each commit. */
function openDesk() {
  const clock: HeldClock = heldClock(1_000_000);
  let number = 0;
  const hub = createHub<string, Counted>(
    clock,
    {
      nameOf: (topic) => topic,
      makeFrame: (_topic, kind, committedAt) => ({ kind, committedAt, number }),
    },
    () => true,
  );
  const broadcast = createBroadcast();
  const open = (name = 'group'): Group => {
    const source = hub.follow('city', 'public');
    if (!source) throw new Error('the hub has no city');
    return broadcast.open(name, source, (frame) => Buffer.from(`${frame.kind} ${frame.number}`));
  };
  return {
    clock,
    hub,
    broadcast,
    open,
    /** One more, and its beat. */
    async commit() {
      number += 1;
      hub.moved(() => clock.now());
      await clock.advanceAsync(100);
    },
  };
}

class Listener implements Reader {
  readonly taken: string[] = [];
  readonly payloads: Payload[] = [];
  hasRoom = true;
  ends = 0;
  error: unknown;

  take(payload: Payload): boolean {
    if (!this.hasRoom) return false;
    this.taken.push(payload.bytes.toString());
    this.payloads.push(payload);
    return true;
  }

  end(error?: unknown): void {
    this.ends += 1;
    this.error = error;
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a group', () => {
  it('[LIV-70] renders a frame once for all who follow, and once more as newcomers get it', async () => {
    const { broadcast, open, commit } = openDesk();
    const group = open();
    const first = [new Listener(), new Listener(), new Listener()];
    for (const each of first) group.join(each);
    expect(broadcast.statistics()).toMatchObject({ renderings: 1, delivered: 3, followers: 3, groups: 1 });
    await commit();
    expect(broadcast.statistics()).toMatchObject({ renderings: 2, delivered: 6 });
    const late = [new Listener(), new Listener()];
    for (const each of late) group.join(each);
    expect(broadcast.statistics()).toMatchObject({ renderings: 3, delivered: 8 });
    await commit();
    expect(broadcast.statistics().renderings).toBe(4);
    for (const each of first) expect(each.taken).toEqual(['SNAPSHOT 0', 'UPDATE 1', 'UPDATE 2']);
    for (const each of late) expect(each.taken).toEqual(['SNAPSHOT 1', 'UPDATE 2']);
    expect(new Set([...first, ...late].map(({ payloads }) => payloads.at(-1))).size).toBe(1);
  });

  it('[LIV-70] tells every frame of its source, whatever its kind', async () => {
    const { hub, open, clock, commit } = openDesk();
    const listener = new Listener();
    open().join(listener);
    await commit();
    await clock.advanceAsync(6_000);
    hub.suspend(true);
    await turn();
    hub.suspend(false);
    await turn();
    expect(listener.taken).toEqual(['SNAPSHOT 0', 'UPDATE 1', 'HEARTBEAT 1', 'SUSPENDED 1', 'SNAPSHOT 1']);
  });

  it('[LIV-90] gives the newest frame as a SNAPSHOT to whoever missed one, slow or in a crowd', async () => {
    const { hub, open, clock, commit } = openDesk();
    const group = open();
    const slow = new Listener();
    const seat = group.join(slow);
    slow.hasRoom = false;
    hub.snapshot();
    await turn();
    await clock.advanceAsync(6_000);
    slow.hasRoom = true;
    seat.retry();
    expect(slow.taken).toEqual(['SNAPSHOT 0', 'SNAPSHOT 0']);
    const crowd = Array.from({ length: 2_000 }, () => new Listener());
    for (const each of crowd) group.join(each);
    await clock.advanceAsync(1_000);
    hub.snapshot();
    // The first slice has had it, the next ones not yet.
    while (crowd[0]?.taken.length === 1) await Promise.resolve();
    await commit();
    for (let turns = 0; turns < 40; turns++) await turn();
    for (const { taken } of crowd)
      expect(taken.slice(1).filter((each) => each.startsWith('SNAPSHOT')).length).toBe(1);
    expect(crowd.at(-1)?.taken).toEqual(['SNAPSHOT 0', 'SNAPSHOT 1']);
  });

  it('[LIV-71] passes over who has no room, and gives the newest once there is room', async () => {
    const { broadcast, open, commit } = openDesk();
    const group = open();
    const slow = new Listener();
    const quick = new Listener();
    const seat = group.join(slow);
    group.join(quick);
    slow.hasRoom = false;
    for (let index = 0; index < 50; index++) await commit();
    expect(quick.taken).toHaveLength(51);
    expect(slow.taken).toEqual(['SNAPSHOT 0']);
    expect(broadcast.statistics().skipped).toBe(50);
    slow.hasRoom = true;
    seat.retry();
    seat.retry();
    expect(slow.taken).toEqual(['SNAPSHOT 0', 'UPDATE 50']);
    await commit();
    expect(slow.taken.at(-1)).toBe('UPDATE 51');
  });

  it('[LIV-71] begins with a SNAPSHOT also for one who had no room at first', async () => {
    const { open, commit } = openDesk();
    const late = new Listener();
    late.hasRoom = false;
    const seat = open().join(late);
    await commit();
    late.hasRoom = true;
    seat.retry();
    await commit();
    expect(late.taken).toEqual(['SNAPSHOT 1', 'UPDATE 2']);
  });

  it('[LIV-72] serves a crowd in slices, and who is behind at the next frame gets that one', async () => {
    const { hub, open, clock, commit } = openDesk();
    const group = open();
    const crowd = Array.from({ length: 2_000 }, () => new Listener());
    for (const each of crowd) group.join(each);
    await turn();
    hub.moved(() => clock.now());
    const served: number[] = [];
    const count = () => crowd.filter(({ taken }) => taken.length > 1).length;
    await Promise.resolve();
    for (let index = 0; index < 20 && count() < crowd.length; index++) {
      served.push(count());
      await turn();
    }
    // Eight slices; the last one ends the loop.
    expect(served.length).toBeGreaterThanOrEqual(7);
    for (const [index, now] of served.entries())
      expect(now - (served[index - 1] ?? 0)).toBeLessThanOrEqual(250);
    expect(count()).toBe(2_000);
    await commit();
    await commit();
    for (let index = 0; index < 20; index++) await turn();
    for (const { taken } of crowd) {
      expect(taken.at(-1)).toBe('UPDATE 2');
      expect(new Set(taken).size).toBe(taken.length);
    }
  });

  it('[LIV-72] a crowd does not keep a few in another group waiting', async () => {
    const { open, commit } = openDesk();
    const crowded = open('crowd');
    const crowd = Array.from({ length: 5_000 }, () => new Listener());
    for (const each of crowd) crowded.join(each);
    const few = new Listener();
    open('few').join(few);
    for (let index = 0; index < 30; index++) await turn();
    const turns = commit();
    for (let index = 0; index < 4; index++) await turn();
    expect(few.taken).toContain('UPDATE 1');
    expect(crowd.at(-1)?.taken).toEqual(['SNAPSHOT 0']);
    await turns;
  });

  it('[LIV-101] large renderings are spread over turns by what they are worth', async () => {
    const { clock, hub, broadcast } = openDesk();
    let rendered = 0;
    for (let index = 0; index < 40; index++) {
      const source = hub.follow('city', 'public');
      if (!source) throw new Error('the hub has no city');
      const render = () => {
        rendered += 1;
        return Buffer.from('large');
      };
      broadcast.open(`large ${index}`, source, render, { worth: 100 }).join(new Listener());
    }
    for (let index = 0; index < 40; index++) await turn();
    const before = rendered;
    hub.moved(() => clock.now());
    const turns: number[] = [];
    for (let index = 0; index < 40; index++) {
      const last = rendered;
      await turn();
      turns.push(rendered - last);
    }
    expect(Math.max(...turns)).toBeLessThanOrEqual(3);
    expect(rendered - before).toBe(40);
  });

  it('[LIV-73] closes with its last reader: after 10,000 nothing is left', async () => {
    const { broadcast, hub, open, commit } = openDesk();
    let seats: Seat[] = [];
    for (let index = 0; index < 10_000; index++) {
      const group = broadcast.find(`group ${index % 7}`) ?? open(`group ${index % 7}`);
      seats.push(group.join(new Listener()));
      if (index % 50 === 49) {
        if (index % 100 === 99) await commit();
        for (const seat of seats) seat.leave();
        for (const seat of seats) seat.leave();
        seats = [];
      }
    }
    await turn();
    expect(broadcast.statistics()).toMatchObject({ groups: 0, followers: 0 });
    expect([hub.followers, hub.topics]).toEqual([0, 0]);
  });

  it('[LIV-73] ends its readers with its source, and with the error of a rendering that fails', async () => {
    const { hub, broadcast, open, commit } = openDesk();
    const ended = new Listener();
    open().join(ended);
    const source = hub.follow('city', 'public');
    const failing = new Listener();
    if (source) {
      broadcast
        .open('failing', source, ({ number }) => {
          if (number > 0) throw new Error('broken');
          return Buffer.from('well');
        })
        .join(failing);
    }
    await commit();
    expect([failing.taken, failing.ends, String(failing.error)]).toEqual([['well'], 1, 'Error: broken']);
    expect(ended.taken).toContain('UPDATE 1');
    hub.close();
    await turn();
    expect([ended.ends, ended.error]).toEqual([1, undefined]);
    expect(broadcast.statistics()).toMatchObject({ groups: 0, followers: 0 });
  });
});
