import { describe, expect, it } from 'vitest';
import { zeroFigures } from '#server/ledger/figures.ts';
import type { Frame } from '#server/live/frame.ts';
import { createHub, type Follower, HEARTBEAT_MS, type Hub } from '#server/live/hub.ts';
import { type Topic, topicName } from '#server/live/topic.ts';
import { type HeldClock, heldClock } from '#test/support/held-clock.ts';

const CITY: Topic = { areaCode: '12.71', parts: 'DISTRICT' };
const DISTRICT: Topic = { areaCode: '12.71.14', parts: null };
const STAFF = 'staff:12.71';

/** A hub over one number that counts up; `isAway` is a database that does not answer. */
interface Desk {
  readonly hub: Hub<Topic, Frame>;
  readonly clock: HeldClock;
  revision: number;
  epoch: string;
  isAway: boolean;
  /** One more commit, at the clock's time, in these topics; in all where none is named. */
  commit(...topics: Topic[]): void;
}

function openDesk(): Desk {
  const clock = heldClock(0);
  clock.advance(1_000_000);
  const desk: Desk = {
    clock,
    revision: 0,
    epoch: 'a',
    isAway: false,
    commit(...topics) {
      desk.revision += 1;
      const at = clock.now();
      desk.hub.moved((topic) => (topics.length === 0 || topics.includes(topic) ? at : null));
    },
    hub: createHub<Topic, Frame>(
      clock,
      {
        nameOf: topicName,
        makeFrame: (topic, kind, committedAt) =>
          topic.areaCode === 'nowhere'
            ? null
            : {
                epoch: desk.epoch,
                revision: desk.revision,
                kind,
                mode: 'DEMO',
                isLoading: false,
                asOf: clock.now(),
                revisionAt: 0,
                committedAt,
                sourceCutOff: null,
                whole: { areaId: 1, figures: zeroFigures(), even: 0, neighborhoods: 1, complete: 0 },
                parts: [],
                peers: [],
                recent: [],
              },
      },
      () => !desk.isAway,
    ),
  };
  return desk;
}

/** Everything a reader that never rests is given, from now on. */
function reading(follower: Follower<Frame> | null): Frame[] {
  const frames: Frame[] = [];
  void (async () => {
    for await (const frame of follower ?? []) frames.push(frame);
  })();
  return frames;
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const kinds = (frames: readonly Frame[]) => frames.map(({ kind }) => kind);

describe('the hub', () => {
  it('[LIV-1] begins with a SNAPSHOT for every newcomer, made once, and gives null where there is no such area', async () => {
    const { hub, clock, commit } = openDesk();
    const first = reading(hub.follow(CITY, 'public'));
    await clock.advanceAsync(50);
    commit();
    await clock.advanceAsync(50);
    const second = reading(hub.follow(CITY, 'public'));
    const third = reading(hub.follow(CITY, 'public'));
    await settle();
    expect(kinds(first)).toEqual(['SNAPSHOT', 'UPDATE']);
    expect(second).toEqual([{ ...first[1], kind: 'SNAPSHOT', committedAt: null }]);
    expect(third[0]).toBe(second[0]);
    expect(hub.follow({ areaCode: 'nowhere', parts: null }, 'public')).toBeNull();
    expect(hub.topics).toBe(1);
  });

  it.each([
    ['public', 100, 10],
    [STAFF, 500, 2],
  ] as const)(
    '[LIV-2] lets the first change leave at once, then folds: for %s one frame in %i ms',
    async (audience, beatMs, perSecond) => {
      const { hub, clock, commit } = openDesk();
      const frames = reading(hub.follow(CITY, audience));
      await clock.advanceAsync(10_000);
      frames.length = 0;
      const start = clock.now();
      for (let ms = 0; ms < 3_000; ms += 5) {
        commit();
        await clock.advanceAsync(5);
        if (ms === 0) expect(frames.map(({ revision }) => revision)).toEqual([1]);
      }
      await clock.advanceAsync(beatMs);
      const times = frames.map(({ asOf }) => asOf - start);
      expect(times.slice(0, 3)).toEqual([0, beatMs, 2 * beatMs]);
      expect(frames.filter(({ asOf }) => asOf - start < 1_000)).toHaveLength(perSecond);
      expect(frames).toHaveLength(3 * perSecond + 1);
      expect(frames.at(-1)?.revision).toBe(600);
    },
  );

  it('[LIV-3] keeps the oldest commit of those that a frame brings', async () => {
    const { hub, clock, commit } = openDesk();
    const frames = reading(hub.follow(CITY, 'public'));
    commit();
    await clock.advanceAsync(10);
    const oldest = clock.now();
    commit();
    await clock.advanceAsync(30);
    commit();
    await clock.advanceAsync(60);
    expect(kinds(frames)).toEqual(['SNAPSHOT', 'UPDATE', 'UPDATE']);
    expect(frames[2]).toMatchObject({ revision: 3, committedAt: oldest, asOf: oldest + 90 });
    expect(frames[1]?.committedAt).toBe(oldest - 10);
  });

  it('[LIV-3] keeps it for each topic apart: a frame never claims a commit that it does not bring', async () => {
    const { hub, clock, commit } = openDesk();
    const city = reading(hub.follow(CITY, 'public'));
    const district = reading(hub.follow(DISTRICT, 'public'));
    commit(CITY, DISTRICT);
    await clock.advanceAsync(10);
    commit(CITY);
    await clock.advanceAsync(30);
    commit(CITY, DISTRICT);
    const newest = clock.now();
    await clock.advanceAsync(100);
    expect(city.at(-1)?.committedAt).toBe(newest - 30);
    expect(district.at(-1)?.committedAt).toBe(newest);
  });

  it('[LIV-4] says after five quiet seconds that it is still there, and not while the database is away', async () => {
    const desk = openDesk();
    const { hub, clock } = desk;
    const frames = reading(hub.follow(CITY, 'public'));
    await clock.advanceAsync(HEARTBEAT_MS - 1_000);
    expect(kinds(frames)).toEqual(['SNAPSHOT']);
    await clock.advanceAsync(11_000);
    expect(kinds(frames)).toEqual(['SNAPSHOT', 'HEARTBEAT', 'HEARTBEAT', 'HEARTBEAT']);
    expect(frames[1]?.committedAt).toBeNull();
    desk.isAway = true;
    await clock.advanceAsync(60_000);
    expect(frames).toHaveLength(4);
    desk.isAway = false;
    await clock.advanceAsync(1_000);
    expect(frames).toHaveLength(5);
  });

  it('[LIV-4] never brings a change as a heartbeat', async () => {
    const desk = openDesk();
    const { hub, clock, commit } = desk;
    const city = reading(hub.follow(CITY, STAFF));
    reading(hub.follow(DISTRICT, STAFF));
    // The beat is taken by another topic a moment before the heartbeat is due.
    await clock.advanceAsync(4_900);
    commit(DISTRICT);
    await clock.advanceAsync(50);
    const committedAt = clock.now();
    commit(CITY);
    await clock.advanceAsync(450);
    expect(kinds(city)).toEqual(['SNAPSHOT', 'UPDATE']);
    expect(city[1]).toMatchObject({ committedAt, revision: 2 });
  });

  it('[LIV-5] gives a slow reader the newest frame and nothing in between', async () => {
    const { hub, clock, commit } = openDesk();
    const slow = hub.follow(CITY, 'public');
    const quick = reading(hub.follow(CITY, 'public'));
    for (let index = 0; index < 1_000; index++) {
      commit();
      await clock.advanceAsync(100);
    }
    expect(quick).toHaveLength(1_001);
    // It begins with a SNAPSHOT, however late it reads.
    expect(await slow?.next()).toMatchObject({ value: { kind: 'SNAPSHOT', revision: 1_000 } });
    for (let index = 0; index < 2; index++) {
      commit();
      await clock.advanceAsync(100);
    }
    expect(await slow?.next()).toMatchObject({ value: { kind: 'UPDATE', revision: 1_002 } });
    const next = slow?.next();
    await clock.advanceAsync(1_000);
    commit();
    expect(await next).toMatchObject({ value: { revision: 1_003 } });
  });

  it('[LIV-6] lets go of whoever leaves, waiting or not: after 10,000 nothing is left', async () => {
    const { hub, clock, commit } = openDesk();
    for (let index = 0; index < 10_000; index++) {
      const topic = { areaCode: `area ${index % 7}`, parts: null };
      const follower = hub.follow(topic, index % 2 ? 'public' : STAFF);
      if (index % 3 === 0) await follower?.next();
      const isWaiting = index % 3 === 0;
      const waiting = isWaiting ? follower?.next() : null;
      await follower?.return?.();
      if (isWaiting) expect(await waiting).toEqual({ value: undefined, done: true });
    }
    expect([hub.followers, hub.topics]).toEqual([0, 0]);
    commit();
    await clock.advanceAsync(10_000);
    expect(hub.topics).toBe(0);
  });

  it('[LIV-6] leaves the others of a topic what they have', async () => {
    const { hub, clock, commit } = openDesk();
    const stays = reading(hub.follow(CITY, 'public'));
    const goes = hub.follow(CITY, 'public');
    await goes?.return?.();
    await goes?.return?.();
    commit();
    await clock.advanceAsync(100);
    expect(stays).toHaveLength(2);
    expect([hub.followers, hub.topics]).toEqual([1, 1]);
  });

  it('[LIV-7] sends everyone the whole state at once on a new epoch', async () => {
    const desk = openDesk();
    const { hub, clock, commit } = desk;
    const all = [
      reading(hub.follow(CITY, 'public')),
      reading(hub.follow(DISTRICT, STAFF)),
      reading(hub.follow(CITY, STAFF)),
    ];
    await clock.advanceAsync(1_000);
    commit();
    desk.epoch = 'b';
    desk.revision = 0;
    hub.snapshot();
    await settle();
    for (const frames of all) {
      expect(frames.at(-1)).toMatchObject({ kind: 'SNAPSHOT', epoch: 'b', revision: 0, committedAt: null });
    }
    await clock.advanceAsync(1_000);
    for (const frames of all) expect(frames.at(-1)).toMatchObject({ kind: 'SNAPSHOT', epoch: 'b' });
  });

  it('[LIV-8] shows everybody the last good state while suspended, newcomers too, and then goes on', async () => {
    const desk = openDesk();
    const { hub, clock, commit } = desk;
    const frames = reading(hub.follow(CITY, 'public'));
    commit();
    await clock.advanceAsync(1_000);
    commit();
    desk.revision = 99;
    hub.suspend(true);
    await clock.advanceAsync(11_000);
    const newcomer = reading(hub.follow(CITY, 'public'));
    await settle();
    expect(new Set(frames.slice(3).map(({ kind }) => kind))).toEqual(new Set(['SUSPENDED']));
    expect(new Set(frames.slice(3).map(({ revision }) => revision))).toEqual(new Set([2]));
    expect(newcomer[0]).toMatchObject({ kind: 'SUSPENDED', revision: 2, committedAt: null });
    expect(hub.current(CITY, 'public')?.kind).toBe('SUSPENDED');
    hub.suspend(false);
    await settle();
    expect(frames.at(-1)).toMatchObject({ kind: 'SNAPSHOT', revision: 99 });
  });

  it('[LIV-9] is not held up by a wall clock that is set back', async () => {
    const desk = openDesk();
    const { hub, clock } = desk;
    let backMs = 0;
    const shifted = { ...clock, now: () => clock.now() - backMs };
    const hubOfIt = createHub<Topic, Frame>(
      shifted,
      {
        nameOf: topicName,
        makeFrame: (topic, kind, committedAt) => ({
          ...(hub.current(topic, 'public') as Frame),
          kind,
          committedAt,
          asOf: clock.now(),
        }),
      },
      () => true,
    );
    const frames = reading(hubOfIt.follow(CITY, 'public'));
    hubOfIt.moved(() => 1);
    await clock.advanceAsync(10);
    backMs = 3_600_000;
    hubOfIt.moved(() => 2);
    await clock.advanceAsync(200);
    expect(kinds(frames)).toEqual(['SNAPSHOT', 'UPDATE', 'UPDATE']);
    await clock.advanceAsync(HEARTBEAT_MS + 1_000);
    expect(frames.at(-1)?.kind).toBe('HEARTBEAT');
  });

  it('[LIV-10] ends every reader when it closes, and leaves no timer', async () => {
    const { hub, clock, commit } = openDesk();
    const follower = hub.follow(CITY, 'public');
    await follower?.next();
    const waiting = follower?.next();
    const unread = hub.follow(CITY, 'public');
    commit();
    commit();
    hub.close();
    expect(await waiting).toMatchObject({ value: { kind: 'UPDATE' } });
    expect(await follower?.next()).toMatchObject({ done: true });
    expect(await unread?.next()).toMatchObject({ done: false });
    expect(await unread?.next()).toMatchObject({ done: true });
    expect(clock.waiting).toBe(0);
  });
});
