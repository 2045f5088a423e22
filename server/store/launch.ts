import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { PORT } from './postmaster.ts';
import { LOG_LIMIT_BYTES } from './rotate-log.ts';
import { BARE_ENVIRONMENT, type ServerUser } from './server-user.ts';

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  port: String(PORT),
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off',
  // The log may hold neither statements nor rows: both can carry personal data.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};
const THROW_AWAY_SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
};

/** What every step of a start needs to know. */
export interface Site {
  readonly binaries: PostgresBinaries;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly user: ServerUser;
  readonly isDurable: boolean;
}

/** Starts the database server's process on a data folder that is there; whether it answers is another question. */
export function launch(site: Site, sockets: string): ChildProcess {
  const { binaries, dataFolder, logFile, user } = site;
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES)
    renameSync(logFile, `${logFile}.1`);
  const settings = {
    ...SETTINGS,
    unix_socket_directories: sockets,
    ...(site.isDurable ? {} : THROW_AWAY_SETTINGS),
  };
  const [program = binaries.postgres, ...args] = [
    ...user.prefix,
    binaries.postgres,
    '-D',
    dataFolder,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const output = openSync(logFile, 'a', 0o600);
  try {
    // Detached, it hears no Ctrl-C of our terminal: it ends when we have ended our own work.
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', output, output],
      env: BARE_ENVIRONMENT,
      cwd: '/',
      ...user.identity,
    });
    // Without a listener a program that cannot be run ends ours; the exit is seen by whoever polls.
    child.on('error', () => {});
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}
