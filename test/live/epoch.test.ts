import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enroll } from '#server/domain/enrollments/enroll.ts';
import type { Frame } from '#server/live/frame.ts';
import { temporaryFolder } from '#test/support/folder.ts';
import { type LiveOn, mutedDoorbell, openLiveOn } from '#test/support/live-on.ts';
import { BPJS, CITY, openSmallProgram, person, type SmallProgram } from '#test/support/small-program.ts';
import { until } from '#test/support/wait.ts';

let program: SmallProgram;
let live: LiveOn | null = null;

beforeEach(async () => {
  program = await openSmallProgram();
  for (const number of [1, 2, 3]) await enroll(program.intake, BPJS, `epoch ${number}`, person(number));
});
afterEach(async () => {
  await live?.close();
  live = null;
  await program.close();
});

async function reopen(dataDir: string): Promise<LiveOn> {
  await live?.close();
  live = await openLiveOn(program, { doorbell: mutedDoorbell(), dataDir });
  return live;
}

const markIn = async (dataDir: string) =>
  JSON.parse(await readFile(path.join(dataDir, 'high-water.json'), 'utf8')) as object;

/** The books without their newest revision, as a backup taken before it would have them. */
async function putBackByOne(): Promise<void> {
  await program.admin.query(`
    SET session_replication_role = replica;
    UPDATE neighborhood_sums s SET enrolled = s.enrolled - e.enrolled, months_none = s.months_none - e.months_none,
           too_new = s.too_new - e.too_new
      FROM entries e, ledger_heads h WHERE e.revision = h.revision AND e.neighborhood_id = s.neighborhood_id;
    DELETE FROM enrollments USING ledger_heads h WHERE enrolled_revision = h.revision;
    DELETE FROM idempotency_keys k USING ledger_heads h WHERE k.revision = h.revision;
    DELETE FROM entries e USING ledger_heads h WHERE e.revision = h.revision;
    DELETE FROM postings p USING ledger_heads h WHERE p.revision = h.revision;
    UPDATE versions SET version = version - 1 WHERE topic = 'ledger';
    UPDATE ledger_heads SET revision = revision - 1;
    SET session_replication_role = origin`);
}

describe('the epoch', () => {
  it('[LIV-21] stays over a restart on the same books', async () => {
    const dataDir = temporaryFolder();
    const { epoch } = await reopen(dataDir);
    await enroll(program.intake, BPJS, 'epoch 4', person(4));
    expect((await reopen(dataDir)).epoch).toBe(epoch);
    expect(live?.revision).toBe(5);
    await reopen(dataDir);
    expect(await markIn(dataDir)).toEqual({ epoch, revision: 5 });
  });

  it('[LIV-21] is kept beside the database with the newest revision shown, at most a second later', async () => {
    const dataDir = temporaryFolder();
    const { epoch } = await reopen(dataDir);
    program.clock.advance(1_000);
    await until(
      'the mark',
      async () => JSON.stringify(await markIn(dataDir)) === JSON.stringify({ epoch, revision: 4 }),
    );
    await enroll(program.intake, BPJS, 'epoch 4', person(4));
    await program.clock.advanceAsync(250);
    await until('the commit', () => live?.revision === 5);
    program.clock.advance(1_000);
    await until(
      'the next mark',
      async () => JSON.stringify(await markIn(dataDir)) === JSON.stringify({ epoch, revision: 5 }),
    );
  });

  it('[LIV-22] is new where the database is older than what was shown, and the change is told', async () => {
    const dataDir = temporaryFolder();
    const { epoch } = await reopen(dataDir);
    await live?.close();
    await putBackByOne();
    await reopen(dataDir);
    expect(live?.epoch).not.toBe(epoch);
    expect(live?.revision).toBe(3);
    expect(live?.logged.map(({ msg }) => msg)).toContain(
      'the database is older than what was shown: new epoch',
    );
    const again = live?.epoch;
    expect((await reopen(dataDir)).epoch).toBe(again);
  });

  it('[LIV-22] is new, too, where the database is put back under a server that runs: nothing goes back in one epoch', async () => {
    await reopen(temporaryFolder());
    const frames: Frame[] = [];
    const follower = live?.hub.follow({ areaCode: CITY, parts: null }, 'public');
    void (async () => {
      for await (const frame of follower ?? []) frames.push(frame);
    })();
    await putBackByOne();
    await until('the books as they are now', async () => {
      await program.clock.advanceAsync(250);
      return live?.revision === 3 && frames.at(-1)?.revision === 3;
    });
    await program.clock.advanceAsync(30_000);
    await until('health', () => live?.health().doSumsAgree && live?.health().isCaughtUp);
    const epochs = [...new Set(frames.map(({ epoch }) => epoch))];
    expect(epochs).toHaveLength(2);
    for (const epoch of epochs) {
      const revisions = frames.filter((frame) => frame.epoch === epoch).map(({ revision }) => revision);
      expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    }
    expect(frames.find(({ epoch }) => epoch === epochs[1])?.kind).toBe('SNAPSHOT');
  });

  it('[LIV-23] a mark that cannot be read is not guessed at', async () => {
    const dataDir = temporaryFolder();
    await writeFile(path.join(dataDir, 'high-water.json'), '{"epoch"');
    await expect(openLiveOn(program, { dataDir })).rejects.toThrow();
  });
});
