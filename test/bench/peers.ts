import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { progress } from './say.ts';
import { ROOT, type Server, startServer } from './servers.ts';

export const PEERS = ['apollo', 'yoga', 'mercurius', 'postgraphile'] as const;
export type Peer = (typeof PEERS)[number];

const FOLDER = path.join(ROOT, 'test/bench/peers');

/** Installs what we are measured against, once, in a folder of its own; nothing else of the project needs it. */
export function installPeers(): void {
  const installed = path.join(FOLDER, 'node_modules/.package-lock.json');
  const isThere =
    existsSync(installed) &&
    statSync(installed).mtimeMs >= statSync(path.join(FOLDER, 'package.json')).mtimeMs;
  if (isThere) return;
  progress(
    'installing the peers in test/bench/peers (about 350 MB, once; remove its node_modules to be rid of them)',
  );
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund'],
    {
      cwd: FOLDER,
      encoding: 'utf8',
    },
  );
  if (status !== 0)
    throw new Error(`The peers could not be installed in ${FOLDER}:\n${stderr.slice(-1_000)}`);
}

/** `name 1.2.3` of the packages that make a peer. */
export function versionOf(name: string): string {
  const file = path.join(FOLDER, 'node_modules', name, 'package.json');
  return `${name} ${(JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}`;
}

/** `frameFile`: the frame to serve, as JSON. */
export function startPeer(
  name: Peer | 'bare',
  frameFile: string,
  nodeOptions: readonly string[] = [],
): Promise<Server> {
  return startServer({
    args: [`test/bench/peers/${name}.mjs`],
    env: { BENCH_FRAME: frameFile },
    nodeOptions,
  });
}
