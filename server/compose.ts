/**
 * The wiring: the only file that constructs anything long-lived. Read from top to bottom it is the order of a start;
 * `close` is the same order backwards.
 */
import path from 'node:path';
import type { Clock } from './base/clock.ts';
import { jakartaDay } from './base/day.ts';
import type { Log } from './base/log.ts';
import { ensureDemonstrationAccounts } from './commands/demo/accounts.ts';
import { loadDemonstration } from './commands/demo/load.ts';
import { runTraffic } from './commands/demo/run-traffic.ts';
import type { Config } from './config.ts';
import { announceGrants } from './domain/access/announce-grants.ts';
import type { DemonstrationAccount } from './domain/access/demonstration-accounts.ts';
import { createPeople } from './domain/access/people.ts';
import { createPrincipals } from './domain/access/principals.ts';
import { systemActor } from './domain/access/system-actor.ts';
import { readAreaIndex } from './domain/areas/area-index.ts';
import { readAreaTree } from './domain/areas/read-area-tree.ts';
import { closeDays } from './domain/contributions/close-day.ts';
import { classify } from './domain/contributions/persistency.ts';
import type { Intake } from './domain/enrollments/intake.ts';
import { openVault } from './domain/enrollments/open-vault.ts';
import { openUploads } from './domain/imports/uploads.ts';
import { createPast } from './domain/metrics/past.ts';
import { chooseLeaders } from './domain/metrics/ranking.ts';
import { MEDAN_CHARTER } from './domain/program/charter.ts';
import { foundProgram, SYSTEM_USERNAME } from './domain/program/found-program.ts';
import { postTargets } from './domain/program/post-targets.ts';
import { createProgramClock } from './domain/program/program-clock.ts';
import { renewEpoch } from './domain/program/renew-epoch.ts';
import { openHttp } from './http/server.ts';
import { createLedger, type Ledger, type LedgerOptions } from './ledger/ledger.ts';
import { readProgram } from './ledger/program.ts';
import { openLive } from './live/live.ts';
import { counted, measure, measureSockets } from './measure.ts';
import type { Claim } from './store/claim.ts';
import { wereKeysExported } from './store/exported-keys.ts';
import { openSecrets } from './store/secrets.ts';
import { openStore } from './store/store.ts';
import { StoreUnavailable } from './store/store-unavailable.ts';

const CLOSE_DAY_CHECK_MS = 30_000;
const KEYS_NOT_EXPORTED =
  'the keys are on this disk alone: losing it loses every NIK and all duplicate detection; run "npm run keys -- export" and keep the page in a safe';

export interface App {
  readonly port: number;
  readonly accounts: readonly DemonstrationAccount[];
  /** Whether anybody can sign in or send a key. A live program begins without. */
  readonly hasAccounts: boolean;
  /** Whether the keys were written down for a safe. */
  readonly areKeysExported: boolean;
  /** Settles when the demonstration is loaded and open, where there is one, and people can sign in. */
  readonly loaded: Promise<void>;
  close(): Promise<void>;
}

export interface ComposeOptions {
  readonly config: Config;
  readonly claim: Claim | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress?: (done: number, of: number, enrolled: number) => void;
  /** Another ledger than the usual one, for measuring what it costs. */
  readonly openLedger?: (options: LedgerOptions) => Ledger;
}

/** Starts everything. What had been opened when something failed is closed again, and the failure thrown on. */
export async function compose(options: ComposeOptions): Promise<App> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) {
      await each().catch((err: unknown) => options.log.warn({ err }, 'could not close in order'));
    }
  };
  try {
    return { ...(await open(options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens one after another, each adding how it is closed. */
async function open(
  { config, claim, clock, log, progress, openLedger = createLedger }: ComposeOptions,
  closers: (() => Promise<unknown>)[],
): Promise<Omit<App, 'close'>> {
  if (claim) closers.push(() => claim.release());
  const store = await openStore(config, log, clock);
  closers.push(() => store.close());
  if (config.databaseUrl === undefined) await claim?.holdDatabase(store);
  const secrets = await openSecrets(config.secretsFile, store, log);

  const charter = MEDAN_CHARTER;
  const mode = config.programMode === 'live' ? 'LIVE' : 'DEMO';
  const pool = store.pool('app');
  if (!(await readProgram(pool, charter.code))) {
    await foundProgram(store.prisma, charter, mode, readAreaTree(), clock.now());
  }
  const program = await readProgram(pool, charter.code);
  if (!program) throw new Error('The program was founded and is not there.');
  if (program.mode !== mode) {
    throw new StoreUnavailable(
      `PROGRAM_MODE=${config.programMode}, but this database holds a program of mode ${program.mode}: set PROGRAM_MODE to match, or another DATA_DIR`,
    );
  }

  const vault = await openVault(store.ledgerClient, program.id, secrets, config.secretsFile);
  // Of keys that are known to be the right ones.
  const areKeysExported = wereKeysExported(config.secretsFile, secrets);
  if (!areKeysExported) log.warn({ file: config.secretsFile }, KEYS_NOT_EXPORTED);

  const live = await openLive({
    pool: store.pool('reader', 'live'),
    lookPool: store.pool('reader', 'look'),
    doorbell: store.doorbell,
    clock,
    log,
    programCode: charter.code,
    dataDir: config.dataDir,
    chooseLeaders,
    renewEpoch: (epoch) => renewEpoch(store.prisma, program.id, epoch),
  });
  closers.push(() => live.close());
  // Before anybody is shown a number: do the books agree with themselves?
  await live.check();
  const programClock = createProgramClock(live.now);
  const ring = () => store.doorbell.ring();
  const ledger = counted(
    openLedger({
      programId: program.id,
      connect: store.ledgerClient,
      now: programClock.now,
      classify,
      ring,
    }),
  );
  closers.push(() => ledger.close());
  measure({ live, ledger, store });
  const areas = await readAreaIndex(pool, program.id);
  const intake: Intake = {
    program: () => live.program,
    now: programClock.now,
    areas,
    ledger,
    vault,
  };
  const system = await systemActor(store.prisma, program.id, SYSTEM_USERNAME);
  await postTargets(ledger, system.principalId, program.id, areas, program.targetPerNeighborhood);

  const principals = createPrincipals(store.prisma, program.id);
  live.onGrantsChanged(principals.forget);
  const accounts =
    mode === 'DEMO'
      ? await ensureDemonstrationAccounts(
          store.prisma,
          principals,
          program.id,
          config.dataDir,
          new Date(clock.now()),
        )
      : [];

  const people = createPeople(store.prisma, secrets.sessionSecret);
  const uploads = await openUploads({ folder: path.join(config.dataDir, 'uploads'), intake, clock, log });
  closers.push(() => uploads.close());
  const http = await openHttp({
    host: config.host,
    port: config.port,
    trustedProxies: config.trustedProxies,
    services: {
      live,
      areas,
      intake,
      prisma: store.prisma,
      reader: store.pool('reader'),
      past: createPast(store.pool('reader'), live.program.id, areas),
    },
    doorkeeper: { principals, people },
    uploads,
    onSessionEnded: async () => {
      await announceGrants(store.prisma, program.id);
      ring();
    },
    readiness: () => {
      const health = live.health();
      return {
        database: health.isConnected,
        roomToWrite: store.room.isOpen,
        // The store opens on migrated tables only.
        migrations: true,
        demonstrationLoaded: health.isOpen,
        accountsWritten: mode === 'LIVE' || accounts.length > 0,
        feedCaughtUp: health.isCaughtUp,
        sumsAgree: health.doSumsAgree,
      };
    },
    clock,
    log,
  });
  closers.push(() => http.close());
  measureSockets(http.statistics);
  claim?.serving(http.port);

  let isClosing = false;
  let closedUpTo = '';
  const closeDay = async () => {
    // A restored ledger has days of its own to close.
    const today = `${live.epoch} ${jakartaDay(intake.now())}`;
    if (!live.program.isOpen || closedUpTo === today) return;
    // What a day leaves behind is kept for good.
    if ((await live.check()).length > 0) {
      log.error('no day is closed while the sums disagree');
      return;
    }
    const days = await closeDays(intake, system);
    closedUpTo = today;
    if (days.length > 0) log.info({ first: days[0], last: days.at(-1), count: days.length }, 'closed');
  };
  /** A database that is away for a moment is no reason to end: the next try is soon. */
  const tryToCloseDay = () =>
    closeDay().catch((err) => {
      if (!isClosing) log.error({ err }, 'the day could not be closed');
    });
  let stopTraffic = () => {};
  const start = async () => {
    if (mode === 'DEMO' && !program.isOpen) {
      await loadDemonstration({
        intake,
        programClock,
        actor: system,
        prisma: store.prisma,
        pool,
        wall: clock,
        analyze: async () => void (await store.pool('owner').query('ANALYZE')),
        ring,
        ...(progress ? { progress } : {}),
      });
    }
    await tryToCloseDay();
    if (mode === 'DEMO' && config.demoTraffic > 0 && !isClosing) {
      stopTraffic = runTraffic({ intake, live, actor: system, clock, log, perMinute: config.demoTraffic });
    }
  };
  // Broken off by the end of the server it goes on at the next start.
  const loaded = Promise.all([start(), people.prepare()]).then(
    () => undefined,
    (error: unknown) => {
      if (!isClosing) throw error;
    },
  );
  const stopClosing = clock.every(CLOSE_DAY_CHECK_MS, () => void tryToCloseDay(), { background: true });

  closers.push(async () => {
    isClosing = true;
    stopTraffic();
    stopClosing();
  });
  const given = { programId: program.id, role: { not: 'SYSTEM' as const }, revokedAt: null };
  const hasAccounts = (await store.prisma.principal.count({ where: given })) > 0;
  return { port: http.port, accounts, hasAccounts, areKeysExported, loaded };
}
