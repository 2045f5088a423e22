import type { Client, ClientBase } from 'pg';
import { beginLocked } from './lock.ts';

/** What work under the lock comes to; `revision` null where it takes none. */
export interface Outcome<T> {
  readonly value: T;
  readonly revision: number | null;
  /** Its last statement, sent and not yet answered. */
  readonly last?: Promise<void>;
}

export interface TransactionOptions {
  readonly programId: number;
  /** A connection of its own, pipelined; called again after it broke. */
  readonly connect: () => Promise<Client>;
  /** Rung after each commit that took a revision. */
  readonly ring: () => void;
}

export interface Transactions {
  /**
   * One transaction under the program's lock: `work` gets what `read` found. It is committed when this resolves; where
   * it rejects nothing was posted, or nobody knows. One at a time.
   */
  run<R, T>(
    read: (client: ClientBase) => Promise<R>,
    work: (client: ClientBase, found: R) => Outcome<T> | Promise<Outcome<T>>,
    how?: { readonly isPlannedOnce?: boolean },
  ): Promise<T>;
  readonly isConnected: boolean;
  close(): Promise<void>;
}

/** Come back: nothing was posted. */
export class LedgerBusy extends Error {}

/**
 * The ledger's own connection. A transaction waits for the database twice and not four times: what is read is asked for
 * together with the lock, and is seen as of the moment it was held; the commit is sent together with the last
 * statement, and is a rollback where that one fails.
 */
export function createTransactions({ programId, connect, ring }: TransactionOptions): Transactions {
  let client: Client | null = null;

  const openConnection = async () => {
    const opened = await connect();
    opened.on('error', () => forget(opened));
    opened.on('end', () => forget(opened));
    return opened;
  };

  const forget = (broken: Client) => {
    if (client === broken) client = null;
    broken.end().catch(() => undefined);
  };

  return {
    async run(read, work, how = {}) {
      client ??= await openConnection();
      const current = client;
      try {
        const locked = beginLocked(current, programId, how).catch((cause: unknown) => {
          throw new LedgerBusy('The lock could not be had: nothing was posted.', { cause });
        });
        const [, found] = await Promise.all([locked, read(current)]);
        const { value, revision, last } = await work(current, found);
        const [{ command }] = await Promise.all([current.query('COMMIT'), last]);
        if (command !== 'COMMIT') throw new Error(`The database answered a commit with ${command}.`);
        if (revision !== null) ring();
        return value;
      } catch (cause) {
        await current.query('ROLLBACK').catch(() => forget(current));
        throw cause;
      }
    },
    get isConnected() {
      return client !== null;
    },
    async close() {
      await client?.end();
      client = null;
    },
  };
}
