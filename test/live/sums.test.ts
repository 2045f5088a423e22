import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rebuildSums } from '#server/commands/rebuild-sums.ts';
import { enroll } from '#server/domain/enrollments/enroll.ts';
import type { Difference } from '#server/live/check-sums.ts';
import type { Frame } from '#server/live/frame.ts';
import { type LiveOn, mutedDoorbell, openLiveOn } from '#test/support/live-on.ts';
import {
  BPJS,
  CITY,
  NEIGHBORHOODS,
  openSmallProgram,
  person,
  type SmallProgram,
  SYSTEM,
} from '#test/support/small-program.ts';
import { until } from '#test/support/wait.ts';

const POLL_MS = 250;
const CHECK_MS = 10_000;
const HEARTBEATS_MS = 6_000;
let program: SmallProgram;
let live: LiveOn;
let frames: Frame[];
let enrolled = 0;

beforeEach(async () => {
  program = await openSmallProgram();
  enrolled = 0;
  for (let index = 0; index < 20; index++) await commit();
  await openLive();
});
afterEach(async () => {
  await live.close();
  await program.close();
});

async function openLive(pool = program.store.pool('reader')): Promise<void> {
  live = await openLiveOn(program, { doorbell: mutedDoorbell(), pool });
  frames = [];
  const follower = live.hub.follow({ areaCode: CITY, parts: 'NEIGHBORHOOD' }, 'public');
  void (async () => {
    for await (const frame of follower ?? []) frames.push(frame);
  })();
}

async function commit(): Promise<number> {
  enrolled += 1;
  const answer = await enroll(program.intake, BPJS, `sums ${enrolled}`, person(enrolled));
  if (!('revision' in answer)) throw new Error(answer.refusal);
  return answer.revision;
}

const here = () => program.area(NEIGHBORHOODS[0] as string).id;
/** A superuser's hand, past triggers and foreign keys. */
async function tamper(statement: string): Promise<void> {
  await program.admin.query(
    `SET session_replication_role = replica; ${statement}; SET session_replication_role = origin`,
  );
}
const isSuspended = () => frames.at(-1)?.kind === 'SUSPENDED';

/** Time passes until the next check was made and what it found was said. */
async function untilChecked(isExpected: () => boolean): Promise<void> {
  program.clock.advance(CHECK_MS);
  await until('what the check found', isExpected);
}

describe('the sums', () => {
  it('[LIV-16] agree on an honest ledger, whether memory is up to date or behind', async () => {
    expect(await live.check()).toEqual([]);
    for (let index = 0; index < 5; index++) await commit();
    expect(live.revision).toBe(21);
    expect(await live.check()).toEqual([]);
    expect(live.health()).toMatchObject({ doSumsAgree: true, differences: [] });
    expect(frames.map(({ kind }) => kind)).not.toContain('SUSPENDED');
  });

  const more = 'enrolled = enrolled + 1, months_none = months_none + 1, too_new = too_new + 1';
  const spoilings: readonly (readonly [string, () => string, Difference['between'], () => string])[] = [
    [
      'a sum that was raised',
      () => `UPDATE neighborhood_sums SET ${more} WHERE neighborhood_id = ${here()}`,
      'sums and entries',
      () => `UPDATE neighborhood_sums SET ${more.replaceAll('+', '-')} WHERE neighborhood_id = ${here()}`,
    ],
    [
      'a class that was moved',
      () =>
        `UPDATE neighborhood_sums SET too_new = too_new - 1, paying = paying + 1 WHERE neighborhood_id = ${here()}`,
      'sums and entries',
      () =>
        `UPDATE neighborhood_sums SET too_new = too_new + 1, paying = paying - 1 WHERE neighborhood_id = ${here()}`,
    ],
    [
      'sums that are gone',
      () => `CREATE TABLE kept AS SELECT * FROM neighborhood_sums WHERE neighborhood_id = ${here()};
             DELETE FROM neighborhood_sums WHERE neighborhood_id = ${here()}`,
      'sums and entries',
      () => 'INSERT INTO neighborhood_sums SELECT * FROM kept',
    ],
    [
      'an enrollment that was withdrawn by hand',
      () =>
        `UPDATE enrollments SET status = 'WITHDRAWN' WHERE id = (SELECT min(id::text)::uuid FROM enrollments)`,
      'sums and people',
      () => `UPDATE enrollments SET status = 'ENROLLED' WHERE status = 'WITHDRAWN'`,
    ],
    [
      'an enrollment that was credited elsewhere',
      () => `UPDATE enrollments SET neighborhood_id = -neighborhood_id WHERE neighborhood_id = ${here()}`,
      'sums and people',
      () => 'UPDATE enrollments SET neighborhood_id = -neighborhood_id WHERE neighborhood_id < 0',
    ],
    [
      'an entry that was altered',
      () => 'UPDATE entries SET enrolled = 2 WHERE revision = 5',
      'sums and entries',
      () => 'UPDATE entries SET enrolled = 1 WHERE revision = 5',
    ],
  ];
  it.each(spoilings)(
    '[LIV-17] are suspended at the last good state by %s, and go on from the books once it is repaired',
    async (_what, spoil, between, repair) => {
      const good = frames[0] as Frame;
      await tamper(spoil());
      await untilChecked(isSuspended);
      expect(live.health().doSumsAgree).toBe(false);
      expect(live.health().differences.map((difference) => difference.between)).toContain(between);
      expect(live.logged.filter(({ msg }) => /^SUMS DISAGREE/.test(String(msg)))).toHaveLength(1);

      await commit();
      program.clock.advance(POLL_MS);
      // A check comes after the look that was asked for before it: the commit has been seen, and shown to nobody.
      expect(await live.check()).not.toEqual([]);
      await program.clock.advanceAsync(HEARTBEATS_MS);
      await tamper(repair());
      const held = frames.filter(({ kind }) => kind === 'SUSPENDED');
      expect(held.length).toBeGreaterThan(0);
      for (const frame of held) expect({ ...frame, kind: good.kind, asOf: good.asOf }).toEqual(good);
      expect(live.revision).toBe(21);

      await untilChecked(() => !isSuspended());
      expect(frames.at(-1)).toMatchObject({
        kind: 'SNAPSHOT',
        revision: 22,
        whole: { figures: { enrolled: 21 } },
      });
      expect(live.health()).toMatchObject({ doSumsAgree: true, differences: [] });
      expect(live.logged.map(({ msg }) => msg)).toContain(
        'the sums agree again: screens go on from the books',
      );
    },
  );

  it('[LIV-91] hold what was posted where a process begins on sums that are wrong', async () => {
    const good = frames[0] as Frame;
    await live.close();
    await tamper(`UPDATE neighborhood_sums SET ${more} WHERE neighborhood_id = ${here()}`);
    await openLive();
    expect((await live.check()).map(({ between }) => between)).toContain('sums and entries');
    await until('the hold', isSuspended);
    for (const { revision, whole, parts } of frames)
      expect({ revision, whole, parts }).toEqual({
        revision: good.revision,
        whole: good.whole,
        parts: good.parts,
      });
    await tamper(
      `UPDATE neighborhood_sums SET ${more.replaceAll('+', '-')} WHERE neighborhood_id = ${here()}`,
    );
    await untilChecked(() => !isSuspended());
    expect(frames.at(-1)).toMatchObject({ kind: 'SNAPSHOT', revision: good.revision, whole: good.whole });
  });

  it('[OPS-27] that stand alone are set from the entries, and screens go on; nothing is touched where entries and people differ', async () => {
    const { intake, admin } = program;
    const audited = async () =>
      (await admin.query<{ action: string }>('SELECT action FROM audit_log ORDER BY sequence')).rows.at(-1)
        ?.action;
    expect(await rebuildSums(intake, SYSTEM)).toBe(0);
    expect(await audited()).not.toBe('rebuild-sums');
    await tamper(`UPDATE neighborhood_sums SET ${more}, target = target + 3 WHERE neighborhood_id = ${here()};
      DELETE FROM neighborhood_sums WHERE neighborhood_id = ${program.area(NEIGHBORHOODS[1] as string).id}`);
    await untilChecked(isSuspended);
    const { revision } = live;
    expect(await rebuildSums(intake, SYSTEM)).toBe(2);
    expect(await audited()).toBe('rebuild-sums');
    await untilChecked(() => !isSuspended());
    expect(frames.at(-1)).toMatchObject({ revision, whole: { figures: { enrolled: 20 } } });

    await tamper(
      `UPDATE entries SET enrolled = 2, months_none = 2, too_new = 2 WHERE revision = ${revision}`,
    );
    const before = (await admin.query('SELECT * FROM neighborhood_sums ORDER BY neighborhood_id')).rows;
    expect(await rebuildSums(intake, SYSTEM)).toBeNull();
    expect((await admin.query('SELECT * FROM neighborhood_sums ORDER BY neighborhood_id')).rows).toEqual(
      before,
    );
    await tamper(
      `UPDATE entries SET enrolled = 1, months_none = 1, too_new = 1 WHERE revision = ${revision}`,
    );
  });

  it('[LIV-18] find memory that differs from the books, and memory is then read anew', async () => {
    const { admin } = program;
    const newest = await commit();
    // Memory reads an entry that says five; the books say one again before they are checked.
    await tamper(`UPDATE entries SET enrolled = 5 WHERE revision = ${newest}`);
    program.clock.advance(POLL_MS);
    await until('the wrong figure', () => live.totals(CITY)?.area.figures.enrolled === 25);
    await tamper(`UPDATE entries SET enrolled = 1 WHERE revision = ${newest}`);
    await untilChecked(isSuspended);
    expect(live.health().differences).toEqual([
      expect.objectContaining({ between: 'memory and sums', figure: 'enrolled' }),
    ]);
    await untilChecked(() => !isSuspended());
    expect(frames.at(-1)).toMatchObject({ revision: newest, whole: { figures: { enrolled: 21 } } });
    const { rows } = await admin.query<{ sum: number }>('SELECT sum(enrolled)::int FROM neighborhood_sums');
    expect(rows[0]?.sum).toBe(21);
  });

  it('[LIV-19] stay suspended where the books cannot be read in the moment of going on', async () => {
    await live.close();
    let connections = 0;
    let brokenFrom = Number.POSITIVE_INFINITY;
    const pool = program.store.pool('reader');
    // Asked with a callback by the pool itself, for single queries: those go on.
    const connect = async (callback?: () => void) => {
      if (callback) return pool.connect(callback);
      connections += 1;
      if (connections >= brokenFrom) throw new Error('the database went away');
      return await pool.connect();
    };
    await openLive(Object.assign(Object.create(pool) as pg.Pool, { connect }));
    await tamper('UPDATE entries SET enrolled = 2 WHERE revision = 5');
    await untilChecked(isSuspended);
    await tamper('UPDATE entries SET enrolled = 1 WHERE revision = 5');
    // The check reads by one connection, memory is read anew by the next.
    brokenFrom = connections + 2;
    await untilChecked(() => connections >= brokenFrom);
    await until('word of it', () => live.logged.some(({ msg }) => msg === 'the sums could not be checked'));
    await commit();
    await program.clock.advanceAsync(POLL_MS);
    expect(live.health().doSumsAgree).toBe(false);
    expect(isSuspended()).toBe(true);
    brokenFrom = Number.POSITIVE_INFINITY;
    await untilChecked(() => !isSuspended());
    expect(frames.at(-1)).toMatchObject({ revision: 22, whole: { figures: { enrolled: 21 } } });
    expect(live.totals(CITY)?.area.figures.enrolled).toBe(21);
  });

  it('[LIV-88] are added up beside the feed: it goes on meanwhile, and memory that moves is no difference', async () => {
    await live.close();
    const pool = program.store.pool('reader');
    const held: (() => void)[] = [];
    let isHolding = false;
    const connect = async (callback?: () => void) => {
      if (callback) return pool.connect(callback);
      if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
      return await pool.connect();
    };
    await openLive(Object.assign(Object.create(pool) as pg.Pool, { connect }));
    isHolding = true;
    const checked = live.check();
    await until('the check to be under way', () => held.length === 1);
    for (let index = 0; index < 3; index++) {
      await commit();
      const revision = live.revision + 1;
      program.clock.advance(POLL_MS);
      await until('the feed', () => live.revision === revision);
    }
    isHolding = false;
    held[0]?.();
    expect(await checked).toEqual([]);
    expect(live.revision).toBe(24);
    expect(frames.map(({ kind }) => kind)).not.toContain('SUSPENDED');
  });

  it('[LIV-20] frames of one epoch never go back, over suspensions too', async () => {
    for (let round = 0; round < 3; round++) {
      await commit();
      await tamper('UPDATE entries SET enrolled = 2 WHERE revision = 5');
      await untilChecked(isSuspended);
      await commit();
      await program.clock.advanceAsync(POLL_MS);
      await tamper('UPDATE entries SET enrolled = 1 WHERE revision = 5');
      await untilChecked(() => !isSuspended());
    }
    const revisions = frames.map(({ revision }) => revision);
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    expect(new Set(frames.map(({ epoch }) => epoch)).size).toBe(1);
    expect(revisions.at(-1)).toBe(27);
  });
});
