import type { Duplex } from 'node:stream';
import pg from 'pg';
import type { Log } from '#server/base/log.ts';
import { PORT } from './postmaster.ts';

/** Whom a connection acts as. `owner` changes tables, `app` is the program, `reader` only reads figures. */
export type RoleName = 'owner' | 'app' | 'reader';

export const ROLES: Readonly<Record<RoleName, string>> = {
  owner: 'kepling_owner',
  app: 'kepling_app',
  reader: 'kepling_reader',
};

/** Where the database is: a socket folder of our own server, or somebody's URL. */
export type Address =
  | { readonly kind: 'embedded'; readonly socketFolder: string; readonly database: string }
  | {
      readonly kind: 'url';
      readonly url: string;
      /** What every session there sets for itself. */
      readonly settings?: Readonly<Record<string, string>>;
    };

export interface ConnectOptions {
  /** Further settings of the session, such as `kepling.scope`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Seen in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** Statements are sent without waiting for the answers before them. They may be neither COPY nor cursors. */
  readonly isPipelined?: boolean;
}

export interface PoolUsage {
  readonly name: string;
  /** Connections that are open, and callers that wait for one. */
  readonly total: number;
  readonly waiting: number;
}

const POOL_SIZES: Readonly<Record<RoleName, number>> = { owner: 2, app: 8, reader: 4 };
const STATEMENT_LIMIT_MS: Readonly<Record<RoleName, number>> = { owner: 0, app: 30_000, reader: 10_000 };
/** Past the statement's own limit: who gives no answer by then, not even that one, gives none. */
const ANSWER_MARGIN_MS: Readonly<Record<RoleName, number>> = { owner: 0, app: 5_000, reader: 2_000 };
const IDLE_IN_TRANSACTION_LIMIT_MS = 30_000;
const CONNECT_LIMIT_MS = 10_000;
const IDLE_CONNECTION_LIMIT_MS = 30_000;
/** Quiet for so long, a connection is probed by the system: one that nobody asks on is found dead too. */
const PROBE_AFTER_MS = 10_000;

/** What a pool with connections of its own is for: to open and check memory; to look what is new. */
export type Purpose = 'live' | 'look';

/** What sessions of a purpose set for themselves. */
const PURPOSE_SETTINGS: Readonly<Record<Purpose, Readonly<Record<string, string>>>> = {
  live: {},
  // The same statement for ever, several times a second: planning it costs more than running it. A plan that is made
  // while tables are empty is kept when they have grown: it may not scan them, nor be compiled because they look large.
  look: { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off', jit: 'off' },
};

/** More than a process has at once, so that those which ended a moment ago are among them. */
const MAX_BACKENDS = 200;

const INT8 = 20;
const DATE = 1082;

/**
 * Every connection of the process, by role. Values come as: `int8` a bigint, `date` a string `yyyy-mm-dd` (a Date
 * would be midnight in the machine's zone), `timestamptz` a Date, `bytea` a Buffer, `numeric` a string.
 */
export class Connections {
  readonly #address: Address;
  readonly #log: Log;
  readonly #answerWithinMs: number | undefined;
  readonly #pools = new Map<string, pg.Pool>();
  readonly #clients = new Set<pg.Client>();
  readonly #backends = new Set<number>();

  /** `answerWithinMs`: in place of what follows from the limits of statements. */
  constructor(address: Address, log: Log, { answerWithinMs }: { readonly answerWithinMs?: number } = {}) {
    this.#address = address;
    this.#log = log;
    this.#answerWithinMs = answerWithinMs;
  }

  /**
   * One pool per role and purpose, made at first use, ended by `close`. It outlives a restart of the database. What
   * must not wait for others has a purpose of its own.
   */
  pool(role: RoleName, purpose?: Purpose): pg.Pool {
    const name = purpose ? `${role}-${purpose}` : role;
    const existing = this.#pools.get(name);
    if (existing) return existing;
    const pool = new pg.Pool({
      ...this.settings(role, purpose ? { settings: PURPOSE_SETTINGS[purpose] } : {}),
      max: POOL_SIZES[role],
      idleTimeoutMillis: IDLE_CONNECTION_LIMIT_MS,
    });
    // Without a listener a restart of the database ends the process.
    pool.on('error', (err) => this.#log.warn({ err, role }, 'idle database connection lost'));
    pool.on('connect', (client) => {
      this.#note(client);
      endOverdue(client);
      // The pool listens only to those that nobody has. Whoever holds a lost one learns of it by the next query.
      client.on('error', (err) => this.#log.debug({ err, role }, 'database connection lost'));
    });
    this.#pools.set(name, pool);
    return pool;
  }

  /** How busy each pool is. */
  usage(): readonly PoolUsage[] {
    return [...this.#pools].map(([name, pool]) => ({
      name,
      total: pool.totalCount,
      waiting: pool.waitingCount,
    }));
  }

  /** A connection of one's own, open already. Its loss shows by the `end` event. `close` ends it at the latest. */
  async client(role: RoleName, options: ConnectOptions = {}): Promise<pg.Client> {
    const client = new pg.Client({
      ...this.settings(role, options),
      pipeline: options.isPipelined ?? false,
    });
    client.on('error', (err) => this.#log.warn({ err, role }, 'database connection lost'));
    await client.connect();
    this.#note(client);
    this.#clients.add(client);
    client.once('end', () => this.#clients.delete(client));
    return client;
  }

  settings(role: RoleName, options: ConnectOptions = {}): pg.ClientConfig {
    const session: Record<string, string> = {
      timezone: 'UTC',
      statement_timeout: String(STATEMENT_LIMIT_MS[role]),
      idle_in_transaction_session_timeout: String(role === 'owner' ? 0 : IDLE_IN_TRANSACTION_LIMIT_MS),
      ...(this.#address.kind === 'url' ? this.#address.settings : {}),
      ...options.settings,
    };
    const shared: pg.ClientConfig = {
      application_name: options.applicationName ?? `kepling ${role}`,
      connectionTimeoutMillis: CONNECT_LIMIT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: PROBE_AFTER_MS,
      // A host that falls silent resets nothing: without a limit of ours its answers are waited for as long as TCP does.
      query_timeout: this.#answerWithinMs ?? answerLimit(role, session),
      types: { getTypeParser },
    };
    if (this.#address.kind === 'embedded') {
      const { socketFolder, database } = this.#address;
      return {
        ...shared,
        host: socketFolder,
        port: PORT,
        user: ROLES[role],
        database,
        options: asOptions(session),
      };
    }
    return {
      ...shared,
      connectionString: withOptions(this.#address.url, asOptions({ role: ROLES[role], ...session })),
    };
  }

  /** Ends them all. Returns the database's process ids of the newest, since it counts them for a moment longer. */
  async close(): Promise<ReadonlySet<number>> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    const clients = [...this.#clients];
    await Promise.all([...pools.map((pool) => pool.end()), ...clients.map((client) => client.end())]);
    return this.#backends;
  }

  #note(client: pg.ClientBase): void {
    // The driver keeps it and does not declare it.
    this.#backends.add((client as pg.ClientBase & { processID: number }).processID);
    const [oldest] = this.#backends;
    if (this.#backends.size > MAX_BACKENDS && oldest !== undefined) this.#backends.delete(oldest);
  }
}

/** Milliseconds; 0, which is none, where the session's statements have none. */
function answerLimit(role: RoleName, session: Readonly<Record<string, string>>): number {
  const statementMs = Number(session.statement_timeout);
  return statementMs === 0 ? 0 : statementMs + ANSWER_MARGIN_MS[role];
}

const OVERDUE = 'Query read timeout';

/**
 * Ends a pooled connection once an answer on it is overdue. The driver only stops waiting: the question stays in the
 * way of all that follow, a ROLLBACK first, and a pool takes such a connection back. (Pipelined it ends it itself.)
 */
function endOverdue(client: pg.ClientBase): void {
  const { connection } = client as pg.ClientBase & { connection: { stream: Duplex } };
  const ask = client.query.bind(client) as (...args: unknown[]) => unknown;
  const judge = (error: unknown) => {
    if (error instanceof Error && error.message === OVERDUE) connection.stream.destroy();
  };
  const query = (...args: unknown[]) => {
    const tell = args.at(-1);
    if (typeof tell === 'function') {
      args[args.length - 1] = (error: unknown, result: unknown) => {
        judge(error);
        tell(error, result);
      };
    }
    const asked = ask(...args);
    if (asked instanceof Promise) asked.catch(judge);
    return asked;
  };
  Object.assign(client, { query });
}

function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (format !== 'binary') {
    if (oid === INT8) return BigInt;
    if (oid === DATE) return (value) => value;
  }
  return pg.types.getTypeParser(oid, format as 'text');
}

/** PostgreSQL splits startup options at spaces; a backslash keeps one. */
function asOptions(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replaceAll('\\', '\\\\').replaceAll(' ', '\\ ')}`)
    .join(' ');
}

function withOptions(address: string, options: string): string {
  const url = new URL(address);
  const given = url.searchParams.get('options');
  url.searchParams.set('options', given ? `${given} ${options}` : options);
  return url.href;
}
