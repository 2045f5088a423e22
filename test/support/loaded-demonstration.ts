import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { findBrowser } from './browser.ts';
import { startProduct } from './product.ts';

declare module 'vitest' {
  interface ProvidedContext {
    loadedDemonstration: string;
  }
}

/** One for all projects of a run, each of which has this file of its own. */
const run = globalThis as { loadedDemonstration?: Promise<string> };

/**
 * Once per run: a data folder with the demonstration loaded and the server stopped, for journeys to copy; the client is
 * built and the browser unpacked by then, so that two files at once do not do it to each other.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  run.loadedDemonstration ??= load();
  const dataDir = await run.loadedDemonstration;
  project.provide('loadedDemonstration', dataDir);
  return () => rmSync(dataDir, { recursive: true, force: true });
}

async function load(): Promise<string> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'kepling-loaded-'));
  const [product] = await Promise.all([startProduct(dataDir), findBrowser()]);
  await product.stop();
  return dataDir;
}

/** A copy of it to use and throw away. */
export function copyOfDemonstration(loaded: string): { dataDir: string; remove(): void } {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'kepling-journey-'));
  cpSync(loaded, dataDir, {
    recursive: true,
    preserveTimestamps: true,
    // Sockets and notes of the process that made it.
    filter: (file) => !file.endsWith('server.json') && !path.relative(loaded, file).startsWith('run'),
  });
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}
