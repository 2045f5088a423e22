/**
 * PostgreSQL, from its npm package, on a folder of ours.
 *
 * Makes the data folder when there is none, starts the server, or takes over the one that a killed program of ours
 * left running. There is never a second server on one folder: PostgreSQL's own lock sees to that, and whoever loses
 * the race uses the winner's.
 *
 * It listens on a socket only, in a folder of mode 0700: who may enter the folder may connect, and there is no
 * password that could leak. It gets a bare environment. Its log holds no statements and no rows.
 *
 * It never downloads, never removes a data folder, never asks for a container or a package of the machine.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '#server/base/log.ts';
import { openDataDir } from './data-dir.ts';
import { checkVersion, lastLine, makeDataFolder, SUPERUSER } from './data-folder.ts';
import { launch, type Site } from './launch.ts';
import { findBinaries, reachableBy } from './postgres-binaries.ts';
import { findPostmaster, PORT, removeStrangersLocks, SOCKET } from './postmaster.ts';
import { giveFolder, runFolder } from './run-folder.ts';
import { chooseServerUser, openTheWay } from './server-user.ts';
import { StoreUnavailable } from './store-unavailable.ts';

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log: Log;
  /** False for throw-away test servers: nothing is flushed to disk. Never false where anything matters. */
  readonly isDurable?: boolean;
}

export interface EmbeddedPostgres {
  /** Connection settings of its superuser, without a database. */
  readonly admin: pg.ClientConfig;
  /** For `pg` and Prisma: `host`. */
  readonly socketFolder: string;
  /** True if it was running already. */
  readonly wasRunning: boolean;
  /** Whether its process is there; it may not answer yet. */
  isRunning(): boolean;
  readonly logFile: string;
  /** After it has ended: starts it on the same data and socket. Resolves when it answers; throws StoreUnavailable. */
  startAgain(): Promise<void>;
  /**
   * Stops the server unless another program is still connected. Waits until it has gone. `own`: the database's process
   * ids of connections that this program has just ended.
   */
  stopIfLast(own?: ReadonlySet<number>): Promise<void>;
}

const LAUNCHER = 'kepling launcher';
const START_LIMIT_MS = 30_000;
const RECOVERY_LIMIT_MS = 600_000;
const ENDING_LIMIT_MS = 1_000;
const STOP_LIMIT_MS = 30_000;
const POLL_MS = 15;
const CANNOT_CONNECT_NOW = '57P03';

/** A killed server's workers notice its death within moments, and until then no other may start. */
const STILL_ENDING = /shared memory block .* still in use/;

/** Resolves when the server answers. Throws StoreUnavailable with one line that says what is wrong. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log, isDurable = true } = options;
  openDataDir(dataDir);
  const dataFolder = path.join(dataDir, 'postgres');
  const owner = statSync(dataFolder, { throwIfNoEntry: false })?.uid;
  const user = chooseServerUser(dataFolder, owner);
  openTheWay(dataDir, user);
  const binaries = reachableBy(user, findBinaries(), dataDir);
  if (owner === undefined) {
    log.info('making the database');
    await makeDataFolder(binaries, dataFolder, user, isDurable);
  }
  checkVersion(binaries, dataFolder);
  const sockets = runFolder(dataDir);
  if (user.identity) giveFolder(sockets, user.identity.uid, user.identity.gid);

  const site: Site = { binaries, dataFolder, logFile: path.join(dataDir, 'postgres.log'), user, isDurable };
  const found = await reach(site, sockets);
  log.debug({ wasRunning: found.wasRunning }, 'the database server answers');
  const admin: pg.ClientConfig = {
    host: found.socketFolder,
    port: PORT,
    user: SUPERUSER,
    application_name: LAUNCHER,
  };
  return {
    ...found,
    admin,
    isRunning: () => findPostmaster(dataFolder) !== undefined,
    logFile: site.logFile,
    startAgain: async () => void (await reach(site, sockets)),
    stopIfLast: (own) => stopIfLast(dataFolder, admin, own),
  };
}

interface Found {
  readonly socketFolder: string;
  readonly wasRunning: boolean;
}

async function reach(site: Site, sockets: string): Promise<Found> {
  const { dataFolder, logFile } = site;
  const startedAtMs = performance.now();
  let launched: ChildProcess | undefined;
  for (;;) {
    const tookMs = performance.now() - startedAtMs;
    const running = findPostmaster(dataFolder);
    if (running?.socketFolder) {
      const failure = await tryConnect(running.socketFolder);
      if (failure === undefined)
        return { socketFolder: running.socketFolder, wasRunning: running.pid !== launched?.pid };
      // Its socket may have been swept out of the temp directory: then it can only be started anew.
      const isSwept = running.pid !== launched?.pid && !existsSync(path.join(running.socketFolder, SOCKET));
      if (isSwept) process.kill(running.pid, 'SIGINT');
      if (tookMs > (failure === CANNOT_CONNECT_NOW ? RECOVERY_LIMIT_MS : START_LIMIT_MS)) {
        throw new StoreUnavailable(
          `PostgreSQL on ${dataFolder} (process ${running.pid}) does not answer: ${failure}; its log is ${logFile}`,
        );
      }
    } else if (launched === undefined) {
      removeStrangersLocks(dataFolder, sockets);
      launched = launch(site, sockets);
    } else if (launched.exitCode !== null || launched.signalCode !== null) {
      // It may have lost a race against another start, whose server then is the one to use.
      if (!findPostmaster(dataFolder)) {
        const why = lastLine(tail(logFile)) ?? 'it said nothing';
        if (!STILL_ENDING.test(why) || tookMs > START_LIMIT_MS) throw didNotStart(site, why);
        launched = undefined;
      }
    } else if (tookMs > START_LIMIT_MS) {
      throw didNotStart(site, `nothing heard for ${START_LIMIT_MS / 1000} s`);
    }
    await wait(POLL_MS);
  }
}

function didNotStart(site: Site, why: string): StoreUnavailable {
  return new StoreUnavailable(
    `PostgreSQL did not start on ${site.dataFolder}: ${why}; its log is ${site.logFile}`,
  );
}

/** Undefined if it answers, else the failure's code or text. */
async function tryConnect(socketFolder: string): Promise<string | undefined> {
  try {
    const client = await connectTo({
      host: socketFolder,
      port: PORT,
      user: SUPERUSER,
      application_name: LAUNCHER,
    });
    await client.end();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).message;
  }
}

async function stopIfLast(
  dataFolder: string,
  admin: pg.ClientConfig,
  own: ReadonlySet<number> = new Set(),
): Promise<void> {
  if (await isUsed(admin, own)) return;
  const running = findPostmaster(dataFolder);
  if (!running) return;
  process.kill(running.pid, 'SIGINT');
  const deadlineMs = performance.now() + STOP_LIMIT_MS;
  while (findPostmaster(dataFolder)?.pid === running.pid) {
    if (performance.now() > deadlineMs) {
      throw new StoreUnavailable(`PostgreSQL on ${dataFolder} (process ${running.pid}) does not stop`);
    }
    await wait(POLL_MS);
  }
}

async function isUsed(admin: pg.ClientConfig, own: ReadonlySet<number>): Promise<boolean> {
  let client: pg.Client;
  try {
    client = await connectTo(admin);
  } catch {
    // It has gone already, or does not answer: then there is nobody to spare.
    return false;
  }
  try {
    // The connections of a program that was just killed are still counted for a moment.
    const deadlineMs = performance.now() + ENDING_LIMIT_MS;
    while ((await countOthers(client, own)) > 0) {
      if (performance.now() > deadlineMs) return true;
      await wait(POLL_MS);
    }
    return false;
  } finally {
    await client.end();
  }
}

async function countOthers(client: pg.Client, own: ReadonlySet<number>): Promise<number> {
  const found = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND pid <> ALL ($1::int[])`,
    [[...own]],
  );
  return found.rows[0]?.count ?? 0;
}

async function connectTo(settings: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({ ...settings, database: 'postgres', connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  await client.connect();
  return client;
}

function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(-4_000);
  } catch {
    return '';
  }
}
