import pg from 'pg';
import { inject } from 'vitest';
import { type Clock, systemClock } from '#server/base/clock.ts';
import { createLog } from '#server/base/log.ts';
import { type Address, Connections } from '#server/store/connect.ts';
import { SUPERUSER } from '#server/store/data-folder.ts';
import { PORT } from '#server/store/postmaster.ts';
import { closeToOthers } from '#server/store/roles.ts';
import { openAt, type Store } from '#server/store/store.ts';
import { TEMPLATE } from './database-server.ts';

export interface TestDatabase {
  readonly store: Store;
  readonly address: Address;
  /** Another store on the same database, as a second process would have one. Closed with the database. */
  open(clock?: Clock): Promise<Store>;
  /** A superuser's connection, to look at what no role may see. Closed with the database. */
  admin(): Promise<pg.Client>;
  drop(): Promise<void>;
}

let made = 0;

export interface TestDatabaseOptions {
  readonly clock?: Clock;
  /** True: what the test provokes is not logged. */
  readonly isQuiet?: boolean;
}

/** A migrated database of one's own: a copy of the run's template, about 100 ms. Call `drop` in `afterAll`. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { address, admin, drop } = await createDatabase(`TEMPLATE ${TEMPLATE}`);
  const log = createLog({ level: options.isQuiet ? 'silent' : 'warn' });
  const stores: Store[] = [];
  const open = async (clock: Clock = systemClock) => {
    const store = await openAt(address, log, clock);
    stores.push(store);
    return store;
  };
  return {
    store: await open(options.clock),
    address,
    open,
    admin,
    async drop() {
      await Promise.all(stores.map((store) => store.close()));
      await drop();
    },
  };
}

export interface EmptyDatabase {
  readonly address: Address;
  readonly connections: Connections;
  admin(): Promise<pg.Client>;
  drop(): Promise<void>;
}

/** A database with its roles and without tables, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<EmptyDatabase> {
  const { address, admin, drop } = await createDatabase('');
  const connections = new Connections(address, createLog({ level: 'silent' }));
  return {
    address,
    connections,
    admin,
    async drop() {
      await connections.close();
      await drop();
    },
  };
}

async function createDatabase(template: string): Promise<Omit<EmptyDatabase, 'connections'>> {
  const { socketFolder } = inject('databaseServer');
  made += 1;
  const database = `t_${process.pid}_${made}`;
  const superuser: pg.ClientConfig = { host: socketFolder, port: PORT, user: SUPERUSER };
  await asSuperuser(superuser, `CREATE DATABASE ${database} ${template} OWNER kepling_owner`);
  await closeToOthers(superuser, database);
  const admins: pg.Client[] = [];
  return {
    address: { kind: 'embedded', socketFolder, database },
    async admin() {
      const client = new pg.Client({ ...superuser, database });
      client.on('error', () => {});
      await client.connect();
      admins.push(client);
      return client;
    },
    async drop() {
      await Promise.all(admins.map((client) => client.end()));
      await asSuperuser(superuser, `DROP DATABASE ${database} WITH (FORCE)`);
    },
  };
}

async function asSuperuser(settings: pg.ClientConfig, statement: string): Promise<void> {
  const client = new pg.Client({ ...settings, database: 'postgres' });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
