/**
 * The ledger: everything that happens inside a transaction, and nothing that happens after it.
 *
 * One writer a process, one connection, one commit at a time. Whoever calls `submit` joins the queue; what queued
 * while the last commit ran becomes the next group, so that the price of the lock and of the disk is shared.
 *
 * Guarantees
 * - Revisions are gapless from 1 in the order of commits, over all processes: the number is taken under a lock
 *   that is held until the commit. Whoever reads `revision > cursor` misses nothing.
 * - An answer is given after the commit that it speaks of, never before.
 * - A command that breaks unexpectedly does not take its neighbors with it: a failed group is posted one by one.
 *   Where the connection broke nobody knows what was counted; the same keys again tell.
 * - Time is program time, never decreasing.
 *
 * What it never does: publish, call a rule, or know what a district is. After a commit it rings the doorbell,
 * which says "look" and not "what".
 */
import type { ClientBase } from 'pg';
import { type AuditNote, chainAudit } from './audit.ts';
import type { LedgerAnswer, LedgerCommand } from './command.ts';
import type { Entry } from './entry.ts';
import { HEAD_COLUMNS, type HeadRow, type LedgerHead, toHead } from './head.ts';
import { lookUp } from './look-up.ts';
import { type Classify, settle } from './settle.ts';
import { createTransactions, LedgerBusy, type TransactionOptions } from './transactions.ts';
import { write } from './write.ts';

/** Rows of one commit at most: beyond it a group's own latency grows faster than its share of the lock shrinks. */
export const GROUP_LIMIT = 200;
/** Commands that may wait; past it the caller is told to come back, instead of waiting without bound. */
export const QUEUE_LIMIT = 20_000;

/** Stands for the last closed day of a program that has closed none: nothing has fallen due. */
const BEFORE_ANY_DAY = '1900-01-01';

/** A posting under way, for work that needs the lock to itself: a contribution file, a day's close. */
export interface OpenPosting {
  readonly head: LedgerHead;
  readonly postedAt: Date;
  /** The revision this posting takes if it appends anything. */
  readonly revision: number;
  readonly client: ClientBase;
  append(entries: readonly Entry[]): void;
  audit(note: AuditNote): void;
  /** SQL to run once the sums stand where this posting leaves them, still inside the transaction. */
  afterwards(work: (client: ClientBase, revision: number) => Promise<void>): void;
}

export interface Ledger {
  /** One command, grouped with what else waits. Resolves after the commit; rejects if it is not known to be counted. */
  submit(command: LedgerCommand): Promise<LedgerAnswer>;
  /** Many commands as one commit and one audit note; all or none. At most a few hundred, so that others get a turn. */
  submitBatch(commands: readonly LedgerCommand[], note: AuditNote): Promise<readonly LedgerAnswer[]>;
  /** Work of one's own under the lock, in one commit. */
  post<T>(work: (posting: OpenPosting) => Promise<T>): Promise<{ result: T; revision: number }>;
  /** Commands waiting or being posted. */
  readonly depth: number;
  /** Waits for what was submitted, then lets the connection go. */
  close(): Promise<void>;
}

export interface LedgerOptions extends TransactionOptions {
  /** Program time in milliseconds. */
  readonly now: () => number;
  readonly classify: Classify;
  /** Rows of one commit at most; for measuring what sharing a commit is worth. */
  readonly groupLimit?: number;
}

interface Waiting {
  readonly command: LedgerCommand;
  readonly resolve: (answer: LedgerAnswer) => void;
  readonly reject: (cause: unknown) => void;
}
type Job = Waiting | { readonly alone: () => Promise<void> };

export function createLedger(options: LedgerOptions): Ledger {
  const { programId, groupLimit = GROUP_LIMIT } = options;
  const queue: Job[] = [];
  let running: Promise<void> | null = null;
  const transactions = createTransactions(options);
  let isClosed = false;
  let underWay = 0;

  const timeAfter = (head: LedgerHead) => new Date(Math.max(options.now(), head.postedAt));

  const postCommands = (commands: readonly LedgerCommand[], note: AuditNote | null) =>
    transactions.run(
      (tx) => lookUp(tx, programId, commands),
      (tx, { head, known }) => {
        const settlement = settle(
          commands,
          known,
          head.revision,
          head.closedDay ?? BEFORE_ANY_DAY,
          options.classify,
        );
        const hasEntries = settlement.entries.length > 0;
        const revision = hasEntries ? head.revision + 1 : null;
        if (!hasEntries && settlement.keys.length === 0) return { value: settlement.answers, revision };
        const postedAt = timeAfter(head);
        const notes = note ? (hasEntries ? [note] : []) : settlement.audit;
        const chain = chainAudit(head.audit, notes, postedAt, revision ?? head.revision);
        const last = write(tx, {
          programId,
          revision,
          headRevision: head.revision,
          postedAt,
          entries: settlement.entries,
          audit: chain.rows,
          auditEnd: chain.end,
          settlement,
        });
        return { value: settlement.answers, revision, last };
      },
      { isPlannedOnce: true },
    );

  const postGroup = async (group: readonly Waiting[]): Promise<void> => {
    try {
      const answers = await postCommands(
        group.map((waiting) => waiting.command),
        null,
      );
      for (const [index, waiting] of group.entries()) {
        const answer = answers[index];
        if (answer) waiting.resolve(answer);
        else waiting.reject(new Error('The ledger gave no answer to a command of its group.'));
      }
    } catch (cause) {
      // Where connection or lock cannot be had no row is to blame, and each alone would wait as long again.
      const isNobodysRow = !transactions.isConnected || cause instanceof LedgerBusy;
      if (group.length === 1 || isNobodysRow) for (const waiting of group) waiting.reject(cause);
      else for (const waiting of group) await postGroup([waiting]);
    }
  };

  const takeGroup = (): Waiting[] => {
    const group: Waiting[] = [];
    while (group.length < groupLimit) {
      const next = queue[0];
      if (!next || 'alone' in next) break;
      group.push(next);
      queue.shift();
    }
    return group;
  };

  const run = async () => {
    for (let next = queue[0]; next; next = queue[0]) {
      if ('alone' in next) {
        queue.shift();
        underWay = 1;
        await next.alone();
      } else {
        const group = takeGroup();
        underWay = group.length;
        await postGroup(group);
      }
      underWay = 0;
    }
    // In the same step in which the queue was seen empty: a job that came a moment later would wait for ever.
    running = null;
  };

  const enqueue = <T>(
    job: (settleWith: { resolve: (value: T) => void; reject: (cause: unknown) => void }) => Job,
  ) =>
    new Promise<T>((resolve, reject) => {
      if (isClosed) return reject(new LedgerBusy('The ledger is closing: nothing was posted.'));
      if (queue.length >= QUEUE_LIMIT) {
        return reject(new LedgerBusy(`${QUEUE_LIMIT} commands are waiting already: nothing was posted.`));
      }
      queue.push(job({ resolve, reject }));
      running ??= run();
    });

  return {
    submit: (command) => enqueue<LedgerAnswer>(({ resolve, reject }) => ({ command, resolve, reject })),
    submitBatch: (commands, note) =>
      enqueue<readonly LedgerAnswer[]>(({ resolve, reject }) => ({
        alone: () => postCommands(commands, note).then(resolve, reject),
      })),
    post: <T>(work: (posting: OpenPosting) => Promise<T>) =>
      enqueue<{ result: T; revision: number }>(({ resolve, reject }) => ({
        alone: () =>
          transactions
            .run(
              (tx) => readHead(tx, programId),
              async (tx, head) => {
                const entries: Entry[] = [];
                const notes: AuditNote[] = [];
                const afterwards: ((client: ClientBase, revision: number) => Promise<void>)[] = [];
                const postedAt = timeAfter(head);
                const result = await work({
                  head,
                  postedAt,
                  revision: head.revision + 1,
                  client: tx,
                  append: (more) => void entries.push(...more),
                  audit: (note) => void notes.push(note),
                  afterwards: (more) => void afterwards.push(more),
                });
                const revision = entries.length > 0 ? head.revision + 1 : null;
                const chain = chainAudit(head.audit, notes, postedAt, revision ?? head.revision);
                await write(tx, {
                  programId,
                  revision,
                  headRevision: head.revision,
                  postedAt,
                  entries,
                  audit: chain.rows,
                  auditEnd: chain.end,
                  settlement: null,
                });
                for (const more of afterwards) await more(tx, revision ?? head.revision);
                return { value: { result, revision: revision ?? head.revision }, revision };
              },
            )
            .then(resolve, reject),
      })),
    get depth() {
      return queue.length + underWay;
    },
    async close() {
      isClosed = true;
      await running;
      await transactions.close();
    },
  };
}

async function readHead(client: ClientBase, programId: number): Promise<LedgerHead> {
  const { rows } = await client.query<HeadRow>(
    `SELECT ${HEAD_COLUMNS} FROM ledger_heads h WHERE h.program_id = $1`,
    [programId],
  );
  if (!rows[0]) throw new Error(`Program ${programId} has no ledger head: it was never founded.`);
  return toHead(rows[0]);
}
