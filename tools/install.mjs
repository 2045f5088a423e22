import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from './run-program.mjs';
import { during } from './say.mjs';
import { hashOf, hasStamp, writeStamp } from './stamp.mjs';

// Versions and checksums come from the lockfile, which stays as it is. Not `npm ci`: that refuses a lockfile in which
// packages for another kind of machine are missing, and which of those it names depends on where it was written.
const NPM_ARGUMENTS = [
  'install',
  '--no-save',
  '--include=dev',
  '--no-audit',
  '--no-fund',
  '--no-progress',
  '--loglevel=error',
];

/** Brings `node_modules` to what the lockfile says, if it differs. Throws ProgramFailed with npm's own words. */
export async function install(root) {
  const folder = path.join(root, 'node_modules');
  const stamp = path.join(folder, '.kepling-installed');
  const [major] = process.versions.node.split('.');
  const hash = hashOf(
    root,
    ['package.json', 'package-lock.json', '.npmrc'],
    [major, process.platform, process.arch],
  );
  if (hasStamp(stamp, hash)) return;
  const begun = path.join(folder, '.kepling-installing');
  const locked = packagesOf(path.join(root, 'package-lock.json'));
  if (existsSync(begun) || !isInstalled(root, locked)) {
    // An installation that was cut off may have left packages with half their files, which npm takes for whole.
    if (existsSync(begun)) rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(begun, '');
    const wanted = Object.keys(locked).filter((name) => !locked[name].optional);
    await during(
      'Memasang paket · installing packages',
      () => runNpm(root, NPM_ARGUMENTS),
      () =>
        `${wanted.filter((name) => existsSync(path.join(root, name, 'package.json'))).length} / ${wanted.length}`,
    );
    rmSync(begun, { force: true });
  }
  writeStamp(stamp, hash);
}

/** Somebody may have installed by hand: npm's own record of what lies in `node_modules` then agrees with the lockfile. */
function isInstalled(root, locked) {
  const record = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const present = packagesOf(record);
  const isSame = (a, b) => a.version === b.version && a.integrity === b.integrity;
  return (
    Object.entries(locked).every(([name, entry]) =>
      present[name] ? isSame(present[name], entry) : entry.optional,
    ) && Object.keys(present).every((name) => locked[name])
  );
}

function packagesOf(lockfile) {
  const { '': _project, ...packages } = JSON.parse(readFileSync(lockfile, 'utf8')).packages;
  return packages;
}

async function runNpm(root, args) {
  // Under `npm start` npm says where it is; without it the one on the path is taken.
  const npm = process.env.npm_execpath;
  const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  await runProgram(program, [...first, ...args], { cwd: root });
}
