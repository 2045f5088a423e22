import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { announceGrants } from '#server/domain/access/announce-grants.ts';
import { enroll } from '#server/domain/enrollments/enroll.ts';
import { PROGRAM_ID } from '#server/domain/program/found-program.ts';
import type { Frame } from '#server/live/frame.ts';
import { mutedDoorbell, openLiveOn } from '#test/support/live-on.ts';
import {
  BPJS,
  CITY,
  DISTRICTS,
  openSmallProgram,
  person,
  type SmallProgram,
} from '#test/support/small-program.ts';
import { until } from '#test/support/wait.ts';

const POLL_MS = 250;
let program: SmallProgram;
beforeAll(async () => {
  program = await openSmallProgram();
});
afterAll(() => program.close());

interface Faults {
  /** News begin with an entry that names a neighborhood which is not there. */
  isBroken: boolean;
  /** No connection can be had; the statements of the feed's looks come through. */
  isAway: boolean;
}

/** The reader's pool with two faults to put in. */
function faulty(faults: Faults): pg.Pool {
  const pool = program.store.pool('reader');
  const query = async (...args: unknown[]) => {
    const answer = (await (pool.query as (...args: unknown[]) => Promise<unknown>)(
      ...args,
    )) as pg.QueryResult;
    const entries: object[] | null = answer.rows[0]?.entries ?? null;
    if (faults.isBroken && entries) entries.unshift({ ...entries[0], neighborhoodId: -1 });
    return answer;
  };
  const connect = async () => {
    if (faults.isAway) throw new Error('away, by the test');
    return await pool.connect();
  };
  return Object.assign(Object.create(pool) as pg.Pool, { query, connect });
}

it('[LIV-122] memory that broke halfway shows and takes nothing until the books could be read anew', async () => {
  const faults: Faults = { isBroken: false, isAway: false };
  const live = await openLiveOn(program, { doorbell: mutedDoorbell(), pool: faulty(faults) });
  const counted = new Map([[live.revision, 0]]);
  const commit = async () => {
    const number = counted.size;
    const answer = await enroll(program.intake, BPJS, `void ${number}`, person(number));
    if (!('revision' in answer)) throw new Error(answer.refusal);
    counted.set(answer.revision, number);
    return answer.revision;
  };
  const frames: Frame[] = [];
  const follower = live.hub.follow({ areaCode: CITY, parts: null }, 'public');
  void (async () => {
    for await (const frame of follower ?? []) frames.push(frame);
  })();
  const told = (text: string) => live.logged.filter(({ msg }) => String(msg).includes(text)).length;

  faults.isBroken = true;
  faults.isAway = true;
  await commit();
  program.clock.advance(POLL_MS);
  await until('memory to break and the books to be away', () => told('cannot read the books') === 1);
  expect(told('could not be taken into memory')).toBe(1);
  const shown = live.revision;
  expect(() => live.hub.follow({ areaCode: DISTRICTS[0], parts: null }, 'public')).toThrow('read anew');
  expect(() => live.totals(CITY)).toThrow('read anew');

  faults.isBroken = false;
  await commit();
  for (let looks = 0; looks < 40; looks++) await program.clock.advanceAsync(POLL_MS);
  expect([live.revision, live.health().isConnected]).toEqual([shown, false]);

  faults.isAway = false;
  const newest = await commit();
  await until('the newest frame', () => {
    program.clock.advance(POLL_MS);
    return frames.at(-1)?.revision === newest;
  });
  await until('health', () => live.health().isCaughtUp);
  expect(frames.map(({ revision, whole }) => [revision, whole.figures.enrolled])).toEqual(
    frames.map(({ revision }) => [revision, counted.get(revision)]),
  );
  expect(live.totals(CITY)?.area.figures.enrolled).toBe(3);
  await live.close();
});

it('[LIV-122] nothing is left out where somebody who is told of a look breaks', async () => {
  const live = await openLiveOn(program, { doorbell: mutedDoorbell() });
  live.onGrantsChanged(() => {
    throw new Error('by the test');
  });
  const before = live.totals(CITY)?.area.figures.enrolled ?? Number.NaN;
  await announceGrants(program.store.prisma, PROGRAM_ID);
  const answer = await enroll(program.intake, BPJS, 'told', person(90));
  if (!('revision' in answer)) throw new Error(answer.refusal);
  program.clock.advance(POLL_MS);
  await until('the look', () => live.revision === answer.revision);
  await until('health', () => live.health().isCaughtUp);
  expect(live.totals(CITY)?.area.figures.enrolled).toBe(before + 1);
  expect(live.logged.filter(({ msg }) => String(msg).includes('could not be taken'))).toHaveLength(1);
  await live.close();
});
