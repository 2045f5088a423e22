import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startProduct } from './product.ts';

declare module 'vitest' {
  interface ProvidedContext {
    loadedDemonstration: string;
  }
}

/** Once per run: a data folder with the demonstration loaded and the server stopped, for journeys to copy. */
export default async function setup(project: TestProject): Promise<() => void> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'kepling-loaded-'));
  const product = await startProduct(dataDir);
  await product.stop();
  project.provide('loadedDemonstration', dataDir);
  return () => rmSync(dataDir, { recursive: true, force: true });
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
