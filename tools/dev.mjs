/** `npm run dev`: the server, restarted when its files change, and the pages, replaced while one looks, on port 5173. */
import './node-version.mjs';
import { spawn } from 'node:child_process';

const { root, setUp } = await import('./setup.mjs');

process.chdir(root);
await setUp();
const options = { stdio: 'inherit', cwd: root };
const children = [
  spawn(
    process.execPath,
    ['--watch-path=server', '--watch-path=texts', '--import', 'tsx/esm', 'server/main.ts'],
    options,
  ),
  spawn(process.execPath, ['node_modules/vite/bin/vite.js'], options),
];
const endAll = (signal) => {
  for (const child of children) child.kill(signal);
};
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => endAll(signal));
for (const child of children) child.on('exit', () => endAll('SIGTERM'));
