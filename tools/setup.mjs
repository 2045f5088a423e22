/**
 * What `npm start` and `npm test` do before anything else: install what the lockfile names, generate the database
 * client, build the board. Each step is skipped when its inputs are as they were, by a hash of their contents, and what
 * a step makes is put in place whole: a program that runs meanwhile finds the old or the new.
 *
 * Uses Node's own modules only, since it runs before there are others.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './install.mjs';
import { ProgramFailed, runProgram } from './run-program.mjs';
import { during, giveUp } from './say.mjs';
import { takeSetupLock } from './setup-lock.mjs';
import { hashOf, hasStamp, writeStamp } from './stamp.mjs';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Returns when everything is there. Ends the process with a line that says what failed. */
export async function setUp() {
  const letGo = await takeSetupLock(root);
  try {
    await install(root);
    await Promise.all([generate(), buildClient()]);
  } catch (error) {
    if (!(error instanceof ProgramFailed)) throw error;
    process.stderr.write(`${error.output}\n`);
    letGo();
    giveUp(`Penyiapan gagal · set-up failed: ${error.message}`);
  } finally {
    letGo();
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
  const built = path.join(root, 'dist/client');
  if (hasStamp(stamp, hash) && existsSync(path.join(built, 'index.html'))) return;
  const making = path.join(root, 'dist/client.making');
  const before = path.join(root, 'dist/client.before');
  const vite = [
    'node_modules/vite/bin/vite.js',
    'build',
    '--logLevel=warn',
    '--emptyOutDir',
    `--outDir=${making}`,
  ];
  await during('Membangun layar · building the board', () =>
    runProgram(process.execPath, vite, { cwd: root }),
  );
  rmSync(before, { recursive: true, force: true });
  if (existsSync(built)) renameSync(built, before);
  renameSync(making, built);
  rmSync(before, { recursive: true, force: true });
  writeStamp(stamp, hash);
}
