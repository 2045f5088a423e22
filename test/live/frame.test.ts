import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '#server/base/refusal.ts';
import { enroll, enrollBatch } from '#server/domain/enrollments/enroll.ts';
import { withdraw } from '#server/domain/enrollments/withdraw.ts';
import { zeroFigures } from '#server/ledger/figures.ts';
import type { Opening } from '#server/live/books.ts';
import { createBroadcast } from '#server/live/broadcast.ts';
import type { Frame } from '#server/live/frame.ts';
import { makeFrame } from '#server/live/make-frame.ts';
import { TOLD_REVISIONS } from '#server/live/movements.ts';
import { Standing } from '#server/live/standing.ts';
import { PARTS_LIMIT, type Topic } from '#server/live/topic.ts';
import { growTree, type TreeArea } from '#server/live/tree.ts';
import { type LiveOn, mutedDoorbell, openLiveOn } from '#test/support/live-on.ts';
import {
  BPJS,
  CITY,
  DISTRICTS,
  NEIGHBORHOODS,
  openSmallProgram,
  person,
  type SmallProgram,
} from '#test/support/small-program.ts';
import { until } from '#test/support/wait.ts';

const FIRST = NEIGHBORHOODS[0] as string;
let program: SmallProgram;
let live: LiveOn;
let enrolled = 0;

beforeAll(async () => {
  program = await openSmallProgram();
  live = await openLiveOn(program, { doorbell: mutedDoorbell() });
});
afterAll(async () => {
  await live.close();
  await program.close();
});

async function commit(neighborhood = FIRST): Promise<string> {
  enrolled += 1;
  const answer = await enroll(program.intake, BPJS, `frame ${enrolled}`, person(enrolled, { neighborhood }));
  if (isRefusal(answer)) throw new Error(answer.refusal);
  return answer.enrollmentId;
}

async function caughtUp(on = live): Promise<void> {
  const { rows } = await program.admin.query<{ revision: number }>('SELECT revision FROM ledger_heads');
  await until('the newest revision', () => {
    program.clock.advance(250);
    return on.revision === rows[0]?.revision;
  });
}

function frameOf(topic: Topic, on = live): Frame {
  const follower = on.hub.follow(topic, 'staff:12.71');
  const frame = on.hub.current(topic, 'staff:12.71');
  void follower?.return?.();
  if (!frame) throw new Error(`no frame of ${topic.areaCode}`);
  return frame;
}

const codeOf = (areaId: number) => program.intake.areas.byId(areaId)?.code;

describe('a frame', () => {
  it('[LIV-24] holds an area, its parts by code, and its peers, all at one revision', async () => {
    await commit(NEIGHBORHOODS[5]);
    await caughtUp();
    const city = frameOf({ areaCode: CITY, parts: 'DISTRICT' });
    expect(city.parts.map(({ areaId }) => codeOf(areaId))).toEqual(DISTRICTS);
    expect(city.peers).toEqual([]);
    expect(city.whole).toMatchObject({ neighborhoods: 12, even: 1, complete: 0 });
    const district = frameOf({ areaCode: DISTRICTS[1], parts: 'NEIGHBORHOOD' });
    expect(district.parts.map(({ areaId }) => codeOf(areaId))).toEqual(NEIGHBORHOODS.slice(4, 8));
    expect(district.peers.map(({ areaId }) => codeOf(areaId))).toEqual(DISTRICTS);
    expect(district.whole.figures).toEqual({
      ...zeroFigures(),
      enrolled: 1,
      target: 100,
      monthsNone: 1,
      tooNew: 1,
    });
    expect(live.hub.follow({ areaCode: '12.71.99', parts: null }, 'public')).toBeNull();
    expect(frameOf({ areaCode: FIRST, parts: null }).parts).toEqual([]);
  });

  it('[LIV-24] has 200 parts at most: with more there is none', () => {
    const areas = (neighborhoods: number): TreeArea[] => [
      { id: 1, code: '12.71', level: 'CITY', parentId: null },
      { id: 2, code: '12.71.01', level: 'DISTRICT', parentId: 1 },
      { id: 3, code: '12.71.01.1001', level: 'VILLAGE', parentId: 2 },
      ...Array.from({ length: neighborhoods }, (_, index) => ({
        id: 10 + index,
        code: `12.71.01.1001-${String(index + 1).padStart(3, '0')}`,
        level: 'NEIGHBORHOOD' as const,
        parentId: 3,
      })),
    ];
    const standing = (neighborhoods: number) =>
      new Standing({
        program: live.program,
        look: { epoch: 'a', ledger: 1, program: 0, grants: 0 },
        areas: areas(neighborhoods),
        sums: [],
        recent: [],
      } satisfies Opening);
    const topic: Topic = { areaCode: '12.71', parts: 'NEIGHBORHOOD' };
    expect(makeFrame(standing(PARTS_LIMIT), topic, 'SNAPSHOT', 0, null)?.parts).toHaveLength(200);
    expect(makeFrame(standing(PARTS_LIMIT + 1), topic, 'SNAPSHOT', 0, null)).toBeNull();
    expect(() => growTree([{ id: 1, code: '12.71.01', level: 'DISTRICT', parentId: 9 }])).toThrow();
  });

  it('[LIV-24] does not change once it was made', async () => {
    const before = frameOf({ areaCode: CITY, parts: 'DISTRICT' });
    const kept = structuredClone(before);
    await commit();
    await caughtUp();
    expect(before).toEqual(kept);
  });

  it('[LIV-25] tells what came in and, for withdrawals, why; by place and number', async () => {
    const [gone] = [await commit(), await commit(NEIGHBORHOODS[4])];
    const batch = [1, 2, 3].map((number) => person(9_000 + number, { neighborhood: FIRST }));
    await enrollBatch(program.intake, BPJS, 'batch', batch);
    await withdraw(program.intake, BPJS, 'gone', { enrollmentId: gone, reason: 'DECEASED', note: 'rahasia' });
    const at = program.clock.now();
    await caughtUp();
    const { recent, revision } = frameOf({ areaCode: CITY, parts: 'DISTRICT' });
    expect(recent.slice(0, 3).map(({ areaId, delta, reason }) => [codeOf(areaId), delta, reason])).toEqual([
      [DISTRICTS[0], -1, 'DECEASED'],
      [DISTRICTS[0], 3, null],
      [DISTRICTS[1], 1, null],
    ]);
    expect(recent[0]).toMatchObject({ revision, at });
    const village = frameOf({ areaCode: '12.71.01.1001', parts: 'NEIGHBORHOOD' });
    expect(village.recent.slice(0, 2).map(({ areaId, delta }) => [codeOf(areaId), delta])).toEqual([
      [FIRST, -1],
      [FIRST, 3],
    ]);
    expect(JSON.stringify(recent)).not.toMatch(/rahasia|Orang|-[0-9a-f]{12}/);
    expect(Object.keys(recent[0] ?? {}).sort()).toEqual(['areaId', 'at', 'delta', 'reason', 'revision']);
  });

  it('[LIV-26] tells the same movements at a revision after a restart as a server that ran on', async () => {
    for (let index = 0; index < TOLD_REVISIONS + 20; index++) {
      const id = await commit(NEIGHBORHOODS[index % 5]);
      if (index % 9 === 0) {
        await withdraw(program.intake, BPJS, `move ${index}`, { enrollmentId: id, reason: 'OWN_REQUEST' });
      }
      if (index % 25 === 0) {
        await caughtUp();
        const restarted = await openLiveOn(program, { doorbell: mutedDoorbell() });
        for (const topic of topics()) {
          const { asOf: _, ...now } = frameOf(topic);
          const { asOf: __, ...then } = frameOf(topic, restarted);
          expect(then).toEqual({ ...now, kind: then.kind, committedAt: then.committedAt });
        }
        await restarted.close();
      }
    }
    await caughtUp();
    const { recent, revision } = frameOf({ areaCode: CITY, parts: null });
    expect(recent.filter(({ delta }) => delta > 0)).toHaveLength(8);
    expect(recent.filter(({ delta }) => delta < 0)).toHaveLength(4);
    expect(recent.every((movement) => movement.revision > revision - TOLD_REVISIONS)).toBe(true);
  });

  it('[LIV-27] is rendered once, however many ask for it, and again only for another', async () => {
    const topic: Topic = { areaCode: CITY, parts: 'DISTRICT' };
    const broadcast = createBroadcast();
    const group = broadcast.fetched(
      () => live.hub.current(topic, 'public'),
      ({ revision }) => Buffer.from(String(revision)),
    );
    const first = group.newest()?.bytes;
    expect(group.newest()?.bytes).toBe(first);
    await commit();
    await caughtUp();
    await until('the next bytes', () => {
      program.clock.advance(100);
      return group.newest()?.bytes !== first;
    });
    expect(broadcast.statistics().renderings).toBe(2);
    const none = broadcast.fetched(
      () => null,
      () => Buffer.alloc(0),
    );
    expect(none.newest()).toBeNull();
  });
});

function topics(): readonly Topic[] {
  return [
    { areaCode: CITY, parts: 'DISTRICT' },
    { areaCode: DISTRICTS[0], parts: 'VILLAGE' },
    { areaCode: '12.71.01.1001', parts: 'NEIGHBORHOOD' },
    { areaCode: FIRST, parts: null },
  ];
}
