import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The newest revision ever announced, kept outside the database: a database older than this was put back. */
export interface HighWater {
  readonly epoch: string;
  readonly revision: number;
}

const FILE = 'high-water.json';

/** Null where nothing was announced yet. A file that cannot be read is not guessed at: it throws. */
export async function readHighWater(dataDir: string): Promise<HighWater | null> {
  try {
    return JSON.parse(await readFile(path.join(dataDir, FILE), 'utf8')) as HighWater;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw error;
  }
}

/** Replaces the mark as a whole: a crash or a power cut in between leaves the one before. */
export async function writeHighWater(dataDir: string, mark: HighWater): Promise<void> {
  const file = path.join(dataDir, FILE);
  await writeFile(`${file}.new`, JSON.stringify(mark), { flush: true });
  await rename(`${file}.new`, file);
}

/** Whether this database ends before what was announced under the same epoch: it needs a new one. */
export function isBehind(mark: HighWater | null, epoch: string, revision: number): boolean {
  return mark !== null && mark.epoch === epoch && revision < mark.revision;
}
