import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StoreUnavailable } from '#server/store/store-unavailable.ts';

/** The newest revision ever announced, kept outside the database: a database older than this was put back. */
export interface HighWater {
  readonly epoch: string;
  readonly revision: number;
}

const FILE = 'high-water.json';

/** Null where nothing was announced yet. A file that cannot be read is not guessed at: it throws. */
export async function readHighWater(dataDir: string): Promise<HighWater | null> {
  const file = path.join(dataDir, FILE);
  try {
    return JSON.parse(await readFile(file, 'utf8')) as HighWater;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw new StoreUnavailable(
      `${file} cannot be read. It says what screens were shown last: put it back, or remove it if the database is whole`,
      error,
    );
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
