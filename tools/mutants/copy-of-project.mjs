import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const LEFT_OUT = new Set(['.git', 'node_modules', 'data', 'coverage']);

/**
 * A copy of the project in the temp directory, to change and throw away: files as they are, packages by links, in a
 * folder of its own so that no tool writes into the one that they come from. Returns the folder and how to remove it.
 */
export function copyOfProject(root) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kepling-mutants-'));
  cpSync(root, folder, {
    recursive: true,
    filter: (file) => !LEFT_OUT.has(path.relative(root, file)),
  });
  linkPackages(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

function linkPackages(from, to) {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (name === '.vite' || name === '.vite-temp') continue;
    if (name.startsWith('@')) linkPackages(path.join(from, name), path.join(to, name));
    else symlinkSync(path.join(from, name), path.join(to, name));
  }
}
