/**
 * `npm start`: sets up what is missing and becomes the server, in this very process, so that the process id shown is
 * the one that listens and a signal reaches it directly. Refuses at once if a server works on this DATA_DIR already.
 */
import './node-version.mjs';
import path from 'node:path';

const { giveUp } = await import('./say.mjs');
const { runningServer } = await import('./running-server.mjs');
const { root, setUp } = await import('./setup.mjs');

process.chdir(root);
try {
  process.loadEnvFile('.env');
} catch (error) {
  if (error.code !== 'ENOENT') giveUp(`.env: ${error.message}`);
}
const dataDir = path.resolve(process.env.DATA_DIR?.trim() || './data');
const running = await runningServer(dataDir);
if (running) {
  const where = running.port ? ` (port ${running.port})` : '';
  giveUp(`Sudah berjalan · already running: process ${running.pid}${where} works on ${dataDir}`);
}

await setUp();
// After the packages are there: npm would leave out what builds the pages. Libraries check less, and answer a quarter faster.
process.env.NODE_ENV ??= 'production';
const { register } = await import('tsx/esm/api');
register();
await import('../server/main.ts');
