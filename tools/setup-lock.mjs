import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { giveUp, say } from './say.mjs';

const WAIT_FOR_OTHERS_MS = 600_000;
const POLL_MS = 200;

/**
 * Lets one set-up at a time work on `root`; the others wait and say for whom. Returns how to let go. The lock is a file
 * in the temp directory that names the process at work: one whose process is gone counts for nothing.
 */
export async function takeSetupLock(root) {
  const owner = process.getuid?.() ?? 'user';
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const file = path.join(os.tmpdir(), `kepling-setup-${owner}-${name}.lock`);
  const deadlineMs = performance.now() + WAIT_FOR_OTHERS_MS;
  let hasSaid = false;
  while (!write(file)) {
    const holder = Number(readIfThere(file));
    if (!isAlive(holder)) {
      rmSync(file, { force: true });
      continue;
    }
    if (performance.now() > deadlineMs) {
      giveUp(`Penyiapan lain tak kunjung selesai · another set-up does not end: process ${holder}`);
    }
    if (!hasSaid) say(`Menunggu penyiapan lain · waiting for another set-up: process ${holder}`);
    hasSaid = true;
    await wait(POLL_MS);
  }
  return () => rmSync(file, { force: true });
}

function write(file) {
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
