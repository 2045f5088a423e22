import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { enroll } from '#server/domain/enrollments/enroll.ts';
import { PROGRAM_ID } from '#server/domain/program/found-program.ts';
import { renewEpoch } from '#server/domain/program/renew-epoch.ts';
import type { Frame } from '#server/live/frame.ts';
import type { LiveOptions } from '#server/live/live.ts';
import { type LiveOn, mutedDoorbell, openLiveOn } from '#test/support/live-on.ts';
import {
  BPJS,
  CITY,
  NEIGHBORHOODS,
  openSmallProgram,
  person,
  type SmallProgram,
} from '#test/support/small-program.ts';
import { until } from '#test/support/wait.ts';

const POLL_MS = 250;
let program: SmallProgram;
let live: LiveOn;
let enrolled = 0;

beforeAll(async () => {
  program = await openSmallProgram();
});
afterEach(() => live.close());
afterAll(() => program.close());

async function open(changes: Partial<LiveOptions> = {}): Promise<LiveOn> {
  live = await openLiveOn(program, { doorbell: mutedDoorbell(), ...changes });
  return live;
}

/** One more person; gives the revision. */
async function commit(neighborhood?: string): Promise<number> {
  enrolled += 1;
  const who = person(enrolled, neighborhood ? { neighborhood } : {});
  const answer = await enroll(program.intake, BPJS, `feed ${enrolled}`, who);
  if (!('revision' in answer)) throw new Error(answer.refusal);
  return answer.revision;
}

function follow(): Frame[] {
  const frames: Frame[] = [];
  const follower = live.hub.follow({ areaCode: CITY, parts: null }, 'public');
  void (async () => {
    for await (const frame of follower ?? []) frames.push(frame);
  })();
  return frames;
}

const inMemory = () => live.totals(CITY)?.area.figures.enrolled;

/** The reader's pool with a gate before each answer. */
function gated(pass: (text: string) => Promise<void>): pg.Pool {
  const pool = program.store.pool('reader');
  const query = async (question: string | { text: string }, values?: unknown[]) => {
    const answer = await (pool.query as (...args: unknown[]) => Promise<unknown>)(question, values);
    await pass(typeof question === 'string' ? question : question.text);
    return answer;
  };
  return Object.assign(Object.create(pool) as pg.Pool, { query });
}

/** Ends the reader's connections and lets it make no others, or lets it again. */
async function setReachable(isReachable: boolean): Promise<void> {
  const { database } = program.database.address as { database: string };
  await program.admin.query(
    `${isReachable ? 'GRANT' : 'REVOKE'} CONNECT ON DATABASE ${database} ${isReachable ? 'TO' : 'FROM'} kepling_reader`,
  );
  if (isReachable) return;
  await program.admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND usename = 'kepling_reader'`,
  );
}

describe('the feed', () => {
  it('[LIV-11] finds everything by its own poll when no ring arrives, however far behind it is', async () => {
    await open();
    let newest = 0;
    for (let index = 0; index < 250; index++) newest = await commit();
    expect(live.revision).toBe(1);
    program.clock.advance(POLL_MS);
    await until('the newest revision', () => live.revision === newest);
    expect(inMemory()).toBe(enrolled);
  });

  it('[LIV-11] looks again when it is rung during a look', async () => {
    const bell = mutedDoorbell();
    let pass = () => {};
    let hasLooked = () => {};
    const looked = new Promise<void>((resolve) => {
      hasLooked = resolve;
    });
    const gate = new Promise<void>((resolve) => {
      pass = resolve;
    });
    await open({
      doorbell: bell,
      pool: gated(async (text) => {
        if (!text.includes('versions')) return;
        hasLooked();
        await gate;
      }),
    });
    bell.push();
    await looked;
    // The look under way has its answer already, from before this commit.
    const newest = await commit();
    for (let ring = 0; ring < 20; ring++) bell.push();
    pass();
    await until('the commit made during the look', () => live.revision === newest);
    expect(inMemory()).toBe(enrolled);
  });

  it('[LIV-11] takes what a second process commits', async () => {
    const second = await program.database.open();
    await open({ doorbell: second.doorbell });
    const newest = await commit();
    await until('the ring from the other store', () => live.revision === newest);
  });

  it('[LIV-12] a commit by a clock that is ahead makes no picture younger than its answer', async () => {
    await open();
    const frames = follow();
    const { rows } = await program.admin.query<{ at: Date }>(
      `SELECT posted_at + interval '10 minutes' AS at FROM ledger_heads`,
    );
    const ahead = rows[0]?.at as Date;
    await program.admin.query('UPDATE ledger_heads SET posted_at = $1', [ahead]);
    const newest = await commit();
    await until('the frame of it', () => {
      program.clock.advance(POLL_MS);
      return frames.at(-1)?.revision === newest;
    });
    const last = frames.at(-1) as Frame;
    expect(last.revisionAt).toBe(ahead.getTime());
    expect(last.asOf).toBeLessThanOrEqual(program.clock.now());
    await program.clock.advanceAsync(600_000);
  });

  it('[LIV-12] an update is as old as the look that brought it, also after the database was away', async () => {
    await open();
    const frames = follow();
    await setReachable(false);
    try {
      program.clock.advance(POLL_MS);
      await until('the feed to notice', () => live.logged.some(({ msg }) => /cannot read/.test(String(msg))));
      await program.clock.advanceAsync(60_000);
      expect(live.health().isCaughtUp).toBe(false);
      // Nothing but the snapshot it began with: no heartbeat for a database that is not there.
      expect(frames.map(({ kind }) => kind)).toEqual(['SNAPSHOT']);
      await commit();
    } finally {
      await setReachable(true);
    }
    await until('the newest frame', () => {
      program.clock.advance(POLL_MS);
      return frames.some(({ kind }) => kind === 'UPDATE');
    });
    const update = frames.find(({ kind }) => kind === 'UPDATE') as Frame;
    expect(update.asOf).toBeGreaterThanOrEqual(update.revisionAt);
    expect(update.asOf).toBeLessThanOrEqual(program.clock.now());
    expect(update.committedAt).toBe(update.revisionAt);
    await until('health', () => live.health().isCaughtUp);
    expect(live.logged.map(({ msg }) => String(msg)).filter((text) => text.startsWith('the feed'))).toEqual([
      'the feed cannot read the books; trying on',
      'the feed reaches the database again',
    ]);
  });

  it('[LIV-3] a frame claims no commit that another area alone was touched by', async () => {
    await open();
    const frames: Frame[] = [];
    const topic = { areaCode: NEIGHBORHOODS[0] as string, parts: null };
    const follower = live.hub.follow(topic, 'public');
    void (async () => {
      for await (const frame of follower ?? []) frames.push(frame);
    })();
    await commit(NEIGHBORHOODS[1]);
    program.clock.advance(100);
    const at = program.clock.now();
    await commit(NEIGHBORHOODS[0]);
    await commit(NEIGHBORHOODS[1]);
    program.clock.advance(POLL_MS);
    await until('the update', () => frames.at(-1)?.kind === 'UPDATE');
    expect(frames.at(-1)?.committedAt).toBe(at);
  });

  it('[LIV-12] a quiet stretch ends in heartbeats of the newest look', async () => {
    await open();
    const frames = follow();
    await until('a heartbeat', async () => {
      await program.clock.advanceAsync(POLL_MS);
      return frames.some(({ kind }) => kind === 'HEARTBEAT');
    });
    const beat = frames.at(-1) as Frame;
    expect(program.clock.now() - beat.asOf).toBeLessThan(2_000);
    expect(beat.revision).toBe(live.revision);
  });

  it('[LIV-13] another epoch reaches everyone as a snapshot under its name', async () => {
    await open();
    const frames = follow();
    const before = live.epoch;
    const next = '01234567-89ab-cdef-0123-456789abcdef';
    await renewEpoch(program.store.prisma, PROGRAM_ID, next);
    await commit();
    program.clock.advance(POLL_MS);
    await until('the new epoch', () => live.epoch === next);
    await until('its snapshot', () => frames.length > 1);
    expect(frames.map(({ kind, epoch }) => [kind, epoch])).toEqual([
      ['SNAPSHOT', before],
      ['SNAPSHOT', next],
    ]);
    expect(frames[1]?.whole.figures.enrolled).toBe(enrolled);
    await commit();
    program.clock.advance(POLL_MS);
    await until('an update in it', () => frames.length > 2);
    expect(frames[2]).toMatchObject({
      kind: 'UPDATE',
      epoch: next,
      revision: (frames[1] as Frame).revision + 1,
    });
  });

  it('[LIV-14] whoever waits for a revision is told when it is there, at once where it is, and no after the limit', async () => {
    await open();
    expect(await live.waitFor(live.revision, 1_000)).toBe(true);
    const next = live.revision + 1;
    const [there, never] = [live.waitFor(next, 1_000), live.waitFor(next + 50, 1_000)];
    await commit();
    program.clock.advance(POLL_MS);
    expect(await there).toBe(true);
    program.clock.advance(1_000);
    expect(await never).toBe(false);
  });

  it('[LIV-14] also where memory was read anew from the books', async () => {
    await open();
    const there = live.waitFor(live.revision + 1, 60_000);
    await commit();
    await renewEpoch(program.store.prisma, PROGRAM_ID, '11234567-89ab-cdef-0123-456789abcdef');
    program.clock.advance(POLL_MS);
    expect(
      await Promise.race([there, until('the wait to be in vain', () => false, 2_000).catch(() => null)]),
    ).toBe(true);
  });

  it('[LIV-15] tells of a grant or a program that changed', async () => {
    await open();
    let told = 0;
    live.onGrantsChanged(() => {
      told += 1;
    });
    const { prisma } = program.store;
    for (const topic of ['grants', 'program']) {
      await prisma.version.update({
        where: { programId_topic: { programId: PROGRAM_ID, topic } },
        data: { version: { increment: 1n } },
      });
    }
    await prisma.program.update({
      where: { id: PROGRAM_ID },
      data: { sourceCutOff: new Date('2025-10-29') },
    });
    const frames = follow();
    program.clock.advance(POLL_MS);
    await until('the program', () => live.program.sourceCutOff === '2025-10-29');
    expect(told).toBe(1);
    await until('a frame of it', () => frames.at(-1)?.sourceCutOff === '2025-10-29');
  });
});
