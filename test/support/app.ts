import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { systemClock } from '#server/base/clock.ts';
import { createLog } from '#server/base/log.ts';
import { type App, compose } from '#server/compose.ts';
import type { Config } from '#server/config.ts';
import type { Address } from '#server/store/connect.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { foundOpenDemonstration, foundOpenLive } from './found-program.ts';
import type { Answer } from './product.ts';

/** The whole server in this process, on a test database: a demonstration that opened empty, with an account per role. */
export interface TestApp {
  readonly url: string;
  readonly database: TestDatabase;
  readonly dataDir: string;
  /** Lines the server logged, as JSON. */
  readonly logged: readonly string[];
  key(role: string): string;
  ask<T = Record<string, unknown>>(query: string, variables?: object, key?: string): Promise<Answer<T>>;
  close(): Promise<void>;
}

/**
 * `mode` LIVE: as a program of real people is served, without accounts. `prepare`: what is done to the database before
 * the server opens it.
 */
export async function openTestApp(
  mode: 'DEMO' | 'LIVE' = 'DEMO',
  prepare?: (database: TestDatabase) => Promise<unknown>,
  settings: Partial<Config> = {},
): Promise<TestApp> {
  const database = await createTestDatabase();
  const found = mode === 'DEMO' ? foundOpenDemonstration : foundOpenLive;
  await found(database.store.prisma, systemClock.now());
  await prepare?.(database);
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'kepling-app-'));
  const logged: string[] = [];
  const app: App = await compose({
    config: {
      port: 0,
      host: '127.0.0.1',
      dataDir,
      databaseUrl: urlOf(database.address),
      programMode: mode === 'DEMO' ? 'demo' : 'live',
      demoTraffic: 0,
      secretsFile: path.join(dataDir, 'secrets.json'),
      trustedProxies: [],
      ...settings,
    },
    claim: null,
    clock: systemClock,
    log: createLog({ stream: { write: (line) => logged.push(line) } }),
  });
  const url = `http://127.0.0.1:${app.port}`;
  return {
    url,
    database,
    dataDir,
    logged,
    key(role) {
      const account = app.accounts.find((each) => each.role === role);
      if (!account) throw new Error(`no account of role ${role}`);
      return account.key;
    },
    async ask<T>(query: string, variables = {}, key?: string) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, ...((await response.json()) as Omit<Answer<T>, 'status'>) };
    },
    async close() {
      await app.close();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** As a setting names it: `DATABASE_URL`. */
export function urlOf(address: Address): string {
  if (address.kind !== 'embedded') return address.url;
  return `postgresql://postgres@localhost/${address.database}?host=${encodeURIComponent(address.socketFolder)}`;
}
