/**
 * The only door to PostgreSQL.
 *
 * Opening it finds the database (the embedded one below DATA_DIR, or DATABASE_URL), makes roles and database where
 * missing, brings the tables up to date, and hands out connections by role. What it throws while opening is
 * StoreUnavailable: one sentence for whoever started the program.
 *
 * An embedded server that ends while the store is open is started again (`keep-running.ts`).
 *
 * It knows nothing of what the rows mean. It never drops a table or a database and never loses a commit: the
 * embedded server flushes before it acknowledges.
 */
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from '#prisma/generated/client/client.ts';
import type { Clock } from '#server/base/clock.ts';
import type { Log } from '#server/base/log.ts';
import { type Address, Connections, type Purpose, type RoleName } from './connect.ts';
import { type Doorbell, openDoorbell } from './doorbell.ts';
import { type EmbeddedPostgres, startEmbedded } from './embedded.ts';
import { prepareGiven } from './given-database.ts';
import { keepRunning } from './keep-running.ts';
import { migrate } from './migrate.ts';
import { ensureEmbeddedDatabase } from './roles.ts';
import { type RoomToWrite, watchRoom } from './room-to-write.ts';
import { rotateLog } from './rotate-log.ts';
import { StoreUnavailable } from './store-unavailable.ts';

export interface StoreConfig {
  readonly dataDir: string;
  /** Unset: the embedded PostgreSQL below `dataDir`. */
  readonly databaseUrl?: string | undefined;
}

export interface Store {
  /** Shared connections of a role; end none of them. With a purpose: shared by those of that purpose alone. */
  pool(role: RoleName, purpose?: Purpose): pg.Pool;
  pools: Connections['usage'];
  /** The ledger's own connection, past row-level security. Ask anew when its `end` event says that it is lost. */
  ledgerClient(): Promise<pg.Client>;
  /** Any other connection of one's own, such as a session that holds an advisory lock. */
  client: Connections['client'];
  /** On the app pool. Sees people only through `asActor`. */
  readonly prisma: PrismaClient;
  readonly doorbell: Doorbell;
  /** Whether what is written finds room on the disk. */
  readonly room: Pick<RoomToWrite, 'isOpen' | 'freeBytes'>;
  /** Ends every connection made here and, if nobody else is connected, the embedded server. */
  close(): Promise<void>;
}

/** The one in use on a server of our own. */
export const EMBEDDED_DATABASE = 'kepling';

export async function openStore(config: StoreConfig, log: Log, clock: Clock): Promise<Store> {
  if (config.databaseUrl !== undefined) {
    const given = prepareGiven(config.databaseUrl, log);
    return await openAt(await given.catch(unreachable('DATABASE_URL cannot be used')), log, clock);
  }
  const server = await startEmbedded({ dataDir: path.resolve(config.dataDir), log });
  await ensureEmbeddedDatabase(server.admin, EMBEDDED_DATABASE);
  const address: Address = {
    kind: 'embedded',
    socketFolder: server.socketFolder,
    database: EMBEDDED_DATABASE,
  };
  const stopKeeping = keepRunning(server, log, clock);
  const stopRotating = rotateLog(server.logFile, log, clock);
  const kept: EmbeddedPostgres = {
    ...server,
    async stopIfLast(own) {
      stopRotating();
      await stopKeeping();
      await server.stopIfLast(own);
    },
  };
  return await openAt(address, log, clock, kept, path.resolve(config.dataDir));
}

/**
 * Opens a database that is there and has its roles. `server` is ended with the store; `dataFolder` is where it keeps
 * its files, if that is on this machine.
 */
export async function openAt(
  address: Address,
  log: Log,
  clock: Clock,
  server?: EmbeddedPostgres,
  dataFolder: string | null = null,
): Promise<Store> {
  const connections = new Connections(address, log);
  try {
    await migrate(connections, log);
  } catch (error) {
    const ended = await connections.close();
    await server?.stopIfLast(ended);
    throw error;
  }
  const prisma = new PrismaClient({ adapter: new PrismaPg(connections.pool('app')), errorFormat: 'minimal' });
  const doorbell = openDoorbell(connections, log, clock);
  const room = watchRoom({ owner: () => connections.pool('owner'), dataFolder, log, clock });
  return {
    pool: (role, purpose) => connections.pool(role, purpose),
    pools: () => connections.usage(),
    ledgerClient: async () =>
      room.guard(
        await connections.client('app', {
          settings: { 'kepling.scope': 'ledger' },
          applicationName: 'kepling ledger',
          isPipelined: true,
        }),
      ),
    client: (role, options) => connections.client(role, options),
    prisma,
    doorbell,
    room,
    async close() {
      await room.close();
      await doorbell.close();
      await prisma.$disconnect();
      const ended = await connections.close();
      await server?.stopIfLast(ended);
    },
  };
}

/** Throws StoreUnavailable. A driver's message never holds the password; a URL would, so it is not repeated. */
export function unreachable(what: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable(`${what}: ${(error as Error).message}`, error);
  };
}
