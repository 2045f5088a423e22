/** The server: configuration, start, and an orderly end on SIGTERM. */

import { announce, showProgress } from './announce.ts';
import { systemClock } from './base/clock.ts';
import { createLog } from './base/log.ts';
import { type App, compose } from './compose.ts';
import { readConfig, readEnvFile, WrongSetting } from './config.ts';
import { AlreadyRunning, type Claim, claimDataDir } from './store/claim.ts';
import { StoreUnavailable } from './store/store-unavailable.ts';

const DRAIN_LIMIT_MS = 10_000;
const log = createLog();

async function main(): Promise<void> {
  readEnvFile();
  const config = readConfig(process.env);
  const claim: Claim = await claimDataDir(config.dataDir);
  const app = await compose({ config, claim, clock: systemClock, log, progress: showProgress });
  endOn(['SIGTERM', 'SIGINT'], app);
  announce(config, app);
  await app.loaded;
}

function endOn(signals: readonly NodeJS.Signals[], app: App): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    log.info('menutup · closing');
    systemClock.after(DRAIN_LIMIT_MS, () => process.exit(1), { background: true });
    app.close().then(
      () => process.exit(0),
      (err) => {
        log.error({ err }, 'could not close in order');
        process.exit(1);
      },
    );
  };
  for (const signal of signals) process.on(signal, end);
}

main().catch((error) => {
  if (error instanceof WrongSetting || error instanceof StoreUnavailable || error instanceof AlreadyRunning) {
    process.stderr.write(`${error.message}\n`);
  } else if (error.syscall === 'listen') {
    process.stderr.write(`${listenProblem(error)}\n`);
  } else {
    log.fatal({ err: error }, 'the server cannot start');
  }
  process.exit(1);
});

function listenProblem({ code, port }: { readonly code: string; readonly port?: number }): string {
  const which = `PORT${port === undefined ? '' : `=${port}`}`;
  if (code === 'EADDRINUSE')
    return `${which} sudah dipakai program lain · is in use by another program: set PORT to a free one`;
  if (code === 'EACCES')
    return `${which} tidak boleh dipakai · this user may not use it: set PORT to one above 1023`;
  return `HOST bukan alamat mesin ini · HOST is no address of this machine (${code}): leave it out, or set 0.0.0.0`;
}
