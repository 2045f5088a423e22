import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { systemClock } from '#server/base/clock.ts';
import { createLog } from '#server/base/log.ts';
import { startEmbedded } from '#server/store/embedded.ts';
import { findPostmaster } from '#server/store/postmaster.ts';
import { ensureEmbeddedDatabase } from '#server/store/roles.ts';
import { openAt } from '#server/store/store.ts';
import { foundOpenDemonstration } from '#test/support/found-program.ts';
import { until } from '#test/support/wait.ts';

const DATABASE = 'kepling';
/** A few days before the program's today: each is closed at the first start. */
const STARTS_ON = '2025-10-20';
const log = createLog({ level: 'silent' });

/** A PostgreSQL of the test's own, flushing to disk, that servers reach by DATABASE_URL and nobody starts again. */
export interface OwnPostgres {
  readonly url: string;
  /** A superuser's connection; its loss ends nothing. Closed by `end`. */
  admin(): Promise<pg.Client>;
  /** As `pg_ctl stop -m immediate`: no farewell, and the next start has to recover. */
  stopImmediately(): Promise<void>;
  /** Resolves when it accepts connections. */
  start(): Promise<void>;
  end(): Promise<void>;
}

/** Starts it with an open, empty demonstration of Medan in it. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'kepling-faults-'));
  const folder = path.join(dataDir, 'postgres');
  let server = await startEmbedded({ dataDir, log });
  const admins = new Set<pg.Client>();
  await ensureEmbeddedDatabase(server.admin, DATABASE);
  const store = await openAt(
    { kind: 'embedded', socketFolder: server.socketFolder, database: DATABASE },
    log,
    systemClock,
  );
  await foundOpenDemonstration(store.prisma, systemClock.now(), STARTS_ON);
  await store.close();

  const stop = async (signal: 'SIGQUIT' | 'SIGINT') => {
    const running = findPostmaster(folder);
    if (!running) return;
    process.kill(running.pid, signal);
    await until('the end of the database server', () => !findPostmaster(folder), 30_000);
  };
  return {
    url: `postgresql://postgres@localhost/${DATABASE}?host=${encodeURIComponent(server.socketFolder)}`,
    async admin() {
      const client = new pg.Client({ ...server.admin, database: DATABASE });
      client.on('error', () => {});
      await client.connect();
      admins.add(client);
      client.once('end', () => admins.delete(client));
      return client;
    },
    stopImmediately: () => stop('SIGQUIT'),
    async start() {
      server = await startEmbedded({ dataDir, log });
    },
    async end() {
      await Promise.all([...admins].map((client) => client.end().catch(() => undefined)));
      await stop('SIGINT');
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
