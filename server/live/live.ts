/**
 * The live path: everything after the commit. What crosses the wall between it and the ledger is a row.
 *
 * feed (reads the books in order) -> standing (totals in memory) -> hub (frames on a beat) -> followers,
 * most of them groups of `broadcast` that share one rendering.
 *
 * Guarantees
 * - Every figure it shows is the books' at the epoch and revision shown with it.
 * - Revisions of one epoch never go back; another epoch begins with a snapshot.
 * - Every ten seconds the books are added up anew, another way; where they disagree, or memory does, frames stand
 *   still, say SUSPENDED, and an operator is told. When they agree again it goes on, and says so loudly.
 * - A subscription costs no query: what reads the database here is counted per process, not per reader.
 *
 * It never writes to the ledger, never waits for a reader, and knows nothing of rules or of GraphQL.
 */
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Clock } from '#server/base/clock.ts';
import type { Log } from '#server/base/log.ts';
import type { PostedEntry } from '#server/ledger/entry.ts';
import { type Program, programTime } from '#server/ledger/program.ts';
import type { Doorbell } from '#server/store/doorbell.ts';
import { snapshot } from '#server/store/transact.ts';
import { type Opening, readOpening } from './books.ts';
import { type Broadcast, createBroadcast } from './broadcast.ts';
import type { Difference } from './check-sums.ts';
import { followBooks } from './feed.ts';
import type { AreaFigures } from './figures.ts';
import type { Frame, FrameKind, LeadersFrame } from './frame.ts';
import { type HighWater, isBehind, readHighWater, writeHighWater } from './high-water.ts';
import { createHub, type Hub } from './hub.ts';
import { makeFrame } from './make-frame.ts';
import { type ChooseLeaders, makeLeadersFrame } from './make-leaders-frame.ts';
import { Standing } from './standing.ts';
import { type Topic, topicName } from './topic.ts';
import type { TreeArea } from './tree.ts';
import { watchSums } from './watch-sums.ts';

const HIGH_WATER_MS = 1_000;
/** A look older than this is no proof that nothing happened. */
const FRESH_MS = 2_000;
const VOID =
  'What is in memory broke and has not been read anew from the books yet; it will be at the next look.';

export interface LiveHealth {
  /** The last look reached the database. */
  readonly isConnected: boolean;
  /** And it was just now, so that nothing is unread. */
  readonly isCaughtUp: boolean;
  readonly isOpen: boolean;
  readonly doSumsAgree: boolean;
  readonly differences: readonly Difference[];
  /** Wall clock at which they were first found; null where the sums agree. */
  readonly suspendedAt: number | null;
  /** Milliseconds since the last look that reached the database. */
  readonly lookAgeMs: number;
}

export interface Live {
  readonly program: Program;
  readonly revision: number;
  readonly epoch: string;
  /** Program time in milliseconds. */
  now(): number;
  /** Totals of an area and its parts. */
  readonly hub: Hub<Topic, Frame>;
  /** Who leads at a level. */
  readonly leaders: Hub<TreeArea['level'], LeadersFrame>;
  /** Hands out what both hubs make, as bytes. */
  readonly broadcast: Broadcast;
  /** An area's figures at the revision in memory, with the program time of its commit. */
  totals(
    areaCode: string,
  ): { readonly revision: number; readonly asOf: number; readonly area: AreaFigures } | null;
  /** Waits, at most `limitMs`, until memory has this revision. False: it has not. */
  waitFor(revision: number, limitMs: number): Promise<boolean>;
  /** Adds the books up anew, now. Gives what disagrees. */
  check(): Promise<readonly Difference[]>;
  health(): LiveHealth;
  onGrantsChanged(listener: () => void): void;
  close(): Promise<void>;
}

export interface LiveOptions {
  /** Reads what is committed; a few connections are enough. */
  readonly pool: Pool;
  /** For the looks alone, so that nothing else is in their way. */
  readonly lookPool: Pool;
  readonly doorbell: Doorbell;
  readonly clock: Clock;
  readonly log: Log;
  readonly programCode: string;
  readonly dataDir: string;
  readonly chooseLeaders: ChooseLeaders;
  /** Gives the ledger a new identity; called where the database ends before what was announced. */
  readonly renewEpoch: (epoch: string) => Promise<void>;
}

export async function openLive(options: LiveOptions): Promise<Live> {
  const { pool, clock, log, dataDir } = options;
  const read = () => snapshot(pool, (tx) => readOpening(tx, options.programCode));
  const openAfter = async (shown: HighWater | null): Promise<Opening> => {
    const opening = await read();
    if (!isBehind(shown, opening.look.epoch, opening.look.ledger)) return opening;
    log.warn(
      { announced: shown?.revision, found: opening.look.ledger },
      'the database is older than what was shown: new epoch',
    );
    await options.renewEpoch(randomUUID());
    return await read();
  };

  const mark = await readHighWater(dataDir);
  const opening = await openAfter(mark);
  let standing = new Standing(opening);
  let announced = mark;
  const waiting = new Set<() => void>();
  const grantListeners = new Set<() => void>();
  const nowOf = (wallMs: number) => programTime(standing.program, wallMs, standing.revisionAt);

  const wakeWaiting = () => {
    for (const wake of [...waiting]) wake();
  };

  const looks = { pool: options.lookPool, clock, log, open: () => openAfter(standing) };
  const feed = followBooks(looks, opening, {
    posted(entries, upTo) {
      // While suspended memory stands still too; it is read anew from the books when they agree again.
      if (!sums.agree) return;
      standing.take(entries, upTo);
      const touched = touchedBy(standing, entries);
      hub.moved((topic) => touched.get(topic.areaCode) ?? null);
      const oldest = Math.min(...touched.values());
      leaders.moved(() => oldest);
      wakeWaiting();
    },
    opened(next) {
      standing = new Standing(next);
      for (const each of hubs) each.snapshot();
      wakeWaiting();
    },
    programChanged(program) {
      standing.program = program;
      for (const each of hubs) each.snapshot();
    },
    grantsChanged() {
      for (const listener of grantListeners) listener();
    },
  });

  /** Memory that broke halfway shows nothing: who follows waits for the next state, whoever comes or asks gets a fault. */
  const showWhole = <F>(kind: FrameKind, make: () => F | null): F | null => {
    if (standing.isWhole) return make();
    if (kind === 'UPDATE' || kind === 'HEARTBEAT') return null;
    throw new Error(VOID);
  };
  /**
   * Program time of what the feed saw last. A look that brought a commit saw how things stood after it, but never later
   * than it was answered: another clock, or this one before it was set back, may have been ahead.
   */
  const seenAt = () => Math.max(nowOf(feed.lookedAt), Math.min(standing.revisionAt, nowOf(feed.answeredAt)));
  const isFresh = () => feed.isHealthy && clock.now() - feed.lookedAt < FRESH_MS;
  const hub = createHub<Topic, Frame>(
    clock,
    {
      nameOf: topicName,
      makeFrame: (topic, kind, committedAt) =>
        showWhole(kind, () => makeFrame(standing, topic, kind, seenAt(), committedAt)),
    },
    isFresh,
  );
  const leaders = createHub<TreeArea['level'], LeadersFrame>(
    clock,
    {
      nameOf: (level) => level,
      makeFrame: (level, kind, committedAt) =>
        showWhole(kind, () =>
          makeLeadersFrame(standing, level, options.chooseLeaders, kind, seenAt(), committedAt),
        ),
    },
    isFresh,
  );
  const hubs = [hub, leaders];

  const sums = watchSums({
    pool,
    clock,
    log,
    feed,
    standing: () => standing,
    suspend(isSuspended) {
      for (const each of hubs) each.suspend(isSuspended);
    },
  });

  let kept: Promise<void> = Promise.resolve();
  /** One at a time: two writes would share a temporary file. */
  const keepHighWater = () => {
    const done = kept.then(async () => {
      if (announced?.epoch === standing.epoch && announced.revision === standing.revision) return;
      const next = { epoch: standing.epoch, revision: standing.revision };
      await writeHighWater(dataDir, next);
      announced = next;
    });
    kept = done.catch(() => undefined);
    return done;
  };

  const timers = [
    clock.every(
      HIGH_WATER_MS,
      () => void keepHighWater().catch((err) => log.error({ err }, 'high-water.json could not be written')),
      { background: true },
    ),
    options.doorbell.onRing(() => void feed.look()),
  ];

  return {
    get program() {
      return standing.program;
    },
    get revision() {
      return standing.revision;
    },
    get epoch() {
      return standing.epoch;
    },
    now: () => nowOf(clock.now()),
    hub,
    leaders,
    broadcast: createBroadcast(),
    totals(areaCode) {
      if (!standing.isWhole) throw new Error(VOID);
      const index = standing.tree.indexByCode.get(areaCode);
      if (index === undefined) return null;
      return {
        revision: standing.revision,
        asOf: standing.revisionAt,
        area: standing.projection.read(index),
      };
    },
    waitFor(revision, limitMs) {
      if (standing.revision >= revision) return Promise.resolve(true);
      return new Promise((resolve) => {
        const finish = (isThere: boolean) => {
          waiting.delete(wake);
          cancel();
          resolve(isThere);
        };
        const wake = () => {
          if (standing.revision >= revision) finish(true);
        };
        const cancel = clock.after(limitMs, () => finish(false), { background: true });
        waiting.add(wake);
      });
    },
    check: sums.check,
    health: () => ({
      isConnected: feed.isHealthy,
      isCaughtUp: isFresh(),
      isOpen: standing.program.isOpen,
      doSumsAgree: sums.agree,
      differences: sums.differences,
      suspendedAt: sums.suspendedAt,
      lookAgeMs: clock.now() - feed.lookedAt,
    }),
    onGrantsChanged: (listener) => void grantListeners.add(listener),
    async close() {
      for (const cancel of timers) cancel();
      await sums.close();
      await feed.stop();
      for (const each of hubs) each.close();
      await keepHighWater().catch((err) => log.warn({ err }, 'high-water.json could not be written'));
    },
  };
}

/** Of every area that these entries change, up to the city, by code: the time of the oldest of them. */
function touchedBy(standing: Standing, entries: readonly PostedEntry[]): ReadonlyMap<string, number> {
  const touched = new Map<string, number>();
  for (const { neighborhoodId, postedAt } of entries) {
    for (
      let at = standing.tree.indexOf.get(neighborhoodId) ?? -1;
      at >= 0;
      at = standing.tree.parents[at] ?? -1
    ) {
      const code = standing.tree.areas[at]?.code;
      if (code === undefined || touched.has(code)) break;
      touched.set(code, postedAt);
    }
  }
  return touched;
}
