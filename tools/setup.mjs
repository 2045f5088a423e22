/**
 * What `npm start` and `npm test` do before anything else: install what the lockfile names, generate the database
 * client, build the board. Each step is skipped when its inputs are as they were, by a hash of their contents.
 *
 * Uses Node's own modules only, since it runs before there are others. Of several set-ups at once on one folder, one
 * works and the others wait for it.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { install } from './install.mjs';
import { ProgramFailed, runProgram } from './run-program.mjs';
import { during, giveUp, say } from './say.mjs';
import { hashOf, hasStamp, writeStamp } from './stamp.mjs';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const WAIT_FOR_OTHERS_MS = 600_000;
const POLL_MS = 200;

/** Returns when everything is there. Ends the process with a line that says what failed. */
export async function setUp() {
  const lock = await takeLock();
  try {
    await install(root);
    await Promise.all([generate(), buildClient()]);
  } catch (error) {
    if (!(error instanceof ProgramFailed)) throw error;
    process.stderr.write(`${error.output}\n`);
    rmSync(lock, { force: true });
    giveUp(`Penyiapan gagal · set-up failed: ${error.message}`);
  } finally {
    rmSync(lock, { force: true });
  }
}

async function generate() {
  const stamp = path.join(root, 'prisma/generated/.stamp');
  const hash = hashOf(root, ['prisma/schema', 'tools/generate.mjs', 'package-lock.json']);
  if (hasStamp(stamp, hash)) return;
  await during('Menyusun akses basis data · generating the database client', () =>
    runProgram(process.execPath, ['tools/generate.mjs'], { cwd: root }),
  );
  writeStamp(stamp, hash);
}

async function buildClient() {
  const stamp = path.join(root, 'dist/client.stamp');
  const hash = hashOf(root, [
    'client',
    'texts',
    'vite.config.ts',
    'tsconfig.client.json',
    'package-lock.json',
  ]);
  if (hasStamp(stamp, hash) && existsSync(path.join(root, 'dist/client/index.html'))) return;
  await during('Membangun layar · building the board', () =>
    runProgram(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel=warn'], {
      cwd: root,
    }),
  );
  writeStamp(stamp, hash);
}

/** A file in the temp directory that names the process at work. One whose process is gone counts for nothing. */
async function takeLock() {
  const owner = process.getuid?.() ?? 'user';
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const file = path.join(os.tmpdir(), `kepling-setup-${owner}-${name}.lock`);
  const deadlineMs = performance.now() + WAIT_FOR_OTHERS_MS;
  let hasSaid = false;
  while (!writeLock(file)) {
    const holder = Number(readIfThere(file));
    if (!isAlive(holder)) {
      rmSync(file, { force: true });
      continue;
    }
    if (performance.now() > deadlineMs)
      giveUp(`Penyiapan lain tak kunjung selesai · another set-up does not end: process ${holder}`);
    if (!hasSaid) say(`Menunggu penyiapan lain · waiting for another set-up: process ${holder}`);
    hasSaid = true;
    await wait(POLL_MS);
  }
  return file;
}

function writeLock(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  // One that was killed keeps its id until somebody takes note, which in a container may be nobody.
  return process.platform !== 'linux' || !/\) [ZX] /.test(readIfThere(`/proc/${pid}/stat`));
}
