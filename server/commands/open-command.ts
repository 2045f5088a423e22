import { systemClock } from '#server/base/clock.ts';
import type { Log } from '#server/base/log.ts';
import { createLog } from '#server/base/log.ts';
import { type Config, readConfig, readEnvFile, WrongSetting } from '#server/config.ts';
import type { Actor } from '#server/domain/access/policy.ts';
import { systemActor } from '#server/domain/access/system-actor.ts';
import { readAreaIndex } from '#server/domain/areas/area-index.ts';
import { classify } from '#server/domain/contributions/persistency.ts';
import type { Intake } from '#server/domain/enrollments/intake.ts';
import { openVault } from '#server/domain/enrollments/open-vault.ts';
import { MEDAN_CHARTER } from '#server/domain/program/charter.ts';
import { SYSTEM_USERNAME } from '#server/domain/program/found-program.ts';
import { createProgramClock, type ProgramClock } from '#server/domain/program/program-clock.ts';
import { createLedger } from '#server/ledger/ledger.ts';
import { type Program, programTime, readProgram } from '#server/ledger/program.ts';
import { hasDatabase } from '#server/store/data-folder.ts';
import { openSecrets } from '#server/store/secrets.ts';
import { openStore, type Store } from '#server/store/store.ts';
import { StoreUnavailable } from '#server/store/store-unavailable.ts';

/** What a command of the command line works with: a writer of its own beside whatever server runs on the same data. */
export interface CommandRoom {
  readonly config: Config;
  readonly store: Store;
  readonly intake: Intake;
  readonly programClock: ProgramClock;
  readonly system: Actor;
  readonly log: Log;
  close(): Promise<void>;
}

/** Opens the data of this environment. Throws StoreUnavailable, in one sentence, where there is no program yet. */
export async function openCommand(): Promise<CommandRoom> {
  readEnvFile();
  const config = readConfig(process.env);
  const place = config.databaseUrl === undefined ? `DATA_DIR=${config.dataDir}` : 'DATABASE_URL';
  const none = new StoreUnavailable(
    `${place}: belum ada program · there is no program yet: set it as the server has it, or run "npm start" first`,
  );
  // In a wrong folder nothing is made.
  if (config.databaseUrl === undefined && !hasDatabase(config.dataDir)) throw none;
  const log = createLog({ level: 'warn', stream: process.stderr });
  const store = await openStore(config, log, systemClock);
  const pool = store.pool('app');
  const program = await readProgram(pool, MEDAN_CHARTER.code);
  if (!program) {
    await store.close();
    throw none;
  }
  const secrets = await openSecrets(config.secretsFile, store, log);
  const vault = await openVault(store.ledgerClient, program.id, secrets, config.secretsFile).catch(
    async (error: unknown) => {
      await store.close();
      throw error;
    },
  );
  let current: Program = program;
  const programClock = createProgramClock(() => programTime(current, systemClock.now(), current.postedAt));
  const ledger = createLedger({
    programId: program.id,
    connect: store.ledgerClient,
    now: programClock.now,
    classify,
    ring: () => store.doorbell.ring(),
  });
  const refresh = async () => {
    current = (await readProgram(pool, MEDAN_CHARTER.code)) ?? current;
  };
  const stopRefreshing = store.doorbell.onRing(
    () => void refresh().catch((err) => log.warn({ err }, 'program not read')),
  );
  return {
    config,
    store,
    intake: {
      program: () => current,
      now: programClock.now,
      areas: await readAreaIndex(pool, program.id),
      ledger,
      vault,
    },
    programClock,
    system: await systemActor(store.prisma, program.id, SYSTEM_USERNAME),
    log,
    async close() {
      stopRefreshing();
      await ledger.close();
      await store.close();
    },
  };
}

/** Runs a command to its end: its own kinds of no are one line, everything else is a fault with its cause. */
export function runCommand(command: () => Promise<void>): void {
  command().then(
    () => process.exit(),
    (error) => {
      const isExpected =
        error instanceof StoreUnavailable || error instanceof WrongSetting || error instanceof WrongUse;
      process.stderr.write(`${isExpected ? error.message : (error as Error).stack}\n`);
      process.exit(1);
    },
  );
}

/** The command line was used wrongly; the message says how to use it. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}
