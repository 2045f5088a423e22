import type { Pool } from 'pg';
import type { Clock } from '#server/base/clock.ts';
import type { Log } from '#server/base/log.ts';
import type { PostedEntry } from '#server/ledger/entry.ts';
import { type Program, readProgram } from '#server/ledger/program.ts';
import { type Look, type Opening, readNews } from './books.ts';

/** A lost ring costs at most this. */
const POLL_MS = 250;
/** Revisions read at once; a revision has at most a few thousand entries. */
const REVISIONS_PER_READ = 100;

export interface FeedEvents {
  /** Entries of the revisions up to `upTo`, each exactly once and in order. */
  posted(entries: readonly PostedEntry[], upTo: number): void;
  /** Another epoch, or memory was given up: everything known is void, this is what holds. */
  opened(opening: Opening): void;
  programChanged(program: Program): void;
  grantsChanged(): void;
}

export interface Feed {
  /** Looks soon; rings while a look is under way are answered by one more look. */
  look(): Promise<void>;
  /** Reads everything anew from the books, as if the epoch were another. Only inside `alone`. */
  reopen(): Promise<void>;
  /** Runs `work` when no look is under way, caught up to what `work` itself then reads. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Wall clock of the last look that reached the database, in milliseconds: when it was asked for. */
  readonly lookedAt: number;
  /** When it was answered. */
  readonly answeredAt: number;
  /** Whether the last look succeeded. */
  readonly isHealthy: boolean;
  stop(): Promise<void>;
}

/**
 * Follows the books: reads what is above its cursor, in order. Since a revision is taken under a lock that is held
 * until the commit, nothing can appear below the cursor later. It is told to look and finds out itself what there
 * is; a database that is away is asked again at every poll, for ever.
 */
export function followBooks(
  options: { pool: Pool; clock: Clock; log: Log; open: () => Promise<Opening> },
  opening: Opening,
  events: FeedEvents,
): Feed {
  const { pool, clock, log } = options;
  const programId = opening.program.id;
  let seen: Look = opening.look;
  let lookedAt = clock.now();
  let answeredAt = lookedAt;
  let isHealthy = true;
  /** The cursor has moved and memory has not followed: nothing is read on, all is read anew first. */
  let isVoid = false;
  let isStopped = false;
  let tail: Promise<unknown> = Promise.resolve();
  let queued: Promise<void> | null = null;

  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const done = tail.then(work);
    tail = done.catch(() => undefined);
    return done;
  };

  const reopen = async () => {
    const askedAt = clock.now();
    const opening = await options.open();
    const { grants } = seen;
    isVoid = true;
    seen = opening.look;
    lookedAt = askedAt;
    answeredAt = clock.now();
    events.opened(opening);
    isVoid = false;
    if (opening.look.grants !== grants) events.grantsChanged();
  };

  /** The cursor has moved: memory that did not follow shows what never was, and is given up for the books. */
  const tell = async (work: () => void) => {
    try {
      work();
    } catch (err) {
      const { ledger: revision } = seen;
      log.error({ err, revision }, 'what was posted could not be taken into memory: all is read anew');
      isVoid = true;
      await reopen();
    }
  };

  const lookOnce = async () => {
    if (isVoid) await reopen();
    for (;;) {
      // As old as the question: what is seen is of before the answer.
      const askedAt = clock.now();
      const most = seen.ledger + REVISIONS_PER_READ;
      const { look, entries } = await readNews(pool, programId, seen.ledger, most);
      const gotAt = clock.now();
      if (look.epoch !== seen.epoch || look.ledger < seen.ledger) {
        const { epoch, ledger: revision } = look;
        log.info(
          { epoch, revision, before: seen.ledger },
          'other books: a backup or the first day was put back',
        );
        await reopen();
        continue;
      }
      const before = seen;
      const program = look.program === before.program ? null : await readProgram(pool, opening.program.code);
      const upTo = Math.min(look.ledger, most);
      // All is read before anything is said, so that a frame is as old as the look that brought it.
      seen = { ...look, ledger: upTo };
      lookedAt = askedAt;
      answeredAt = gotAt;
      await tell(() => {
        if (look.grants !== before.grants) events.grantsChanged();
        if (program) events.programChanged(program);
        if (entries.length > 0) events.posted(entries, upTo);
      });
      if (upTo === look.ledger) return;
    }
  };

  const tryLook = async () => {
    if (isStopped) return;
    try {
      await lookOnce();
      if (!isHealthy) log.info({ revision: seen.ledger }, 'the feed reaches the database again');
      isHealthy = true;
    } catch (err) {
      if (isHealthy) log.error({ err, revision: seen.ledger }, 'the feed cannot read the books; trying on');
      isHealthy = false;
    }
  };

  const look = () => {
    queued ??= alone(() => {
      queued = null;
      return tryLook();
    });
    return queued;
  };
  const cancel = clock.every(POLL_MS, () => void look(), { background: true });

  return {
    look,
    reopen,
    alone,
    get lookedAt() {
      return lookedAt;
    },
    get answeredAt() {
      return answeredAt;
    },
    get isHealthy() {
      return isHealthy;
    },
    async stop() {
      isStopped = true;
      cancel();
      await tail;
    },
  };
}
