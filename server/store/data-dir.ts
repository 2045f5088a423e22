import { accessSync, constants, mkdirSync } from 'node:fs';
import { StoreUnavailable } from './store-unavailable.ts';

const WHY: Record<string, string> = {
  EACCES: 'this user may not work in it',
  EPERM: 'this user may not work in it',
  EROFS: 'it lies on a disk that cannot be written',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'it is a file',
};

/** Makes DATA_DIR, mode 0700, if there is none. Throws StoreUnavailable when this process cannot work in it. */
export function openDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const why = WHY[(cause as NodeJS.ErrnoException).code ?? ''] ?? (cause as Error).message;
    throw new StoreUnavailable(
      `DATA_DIR ${dataDir} cannot be used: ${why}; set DATA_DIR to another folder`,
      cause,
    );
  }
}
