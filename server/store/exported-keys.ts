import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { doKeysFit, fingerprintsOf, type KeyFingerprints } from './key-fingerprints.ts';
import type { Secrets } from './secrets.ts';

/**
 * Beside the keys, where every server that shares them finds it: which keys were written down, told by their
 * fingerprints. No secret.
 */
const MARK = 'keys-exported.json';

/** Whether these very keys were exported from here, or brought in from a page. */
export function wereKeysExported(secretsFile: string, secrets: Secrets): boolean {
  try {
    const mark = JSON.parse(readFileSync(markOf(secretsFile), 'utf8')) as KeyFingerprints;
    return doKeysFit(mark, fingerprintsOf(secrets));
  } catch {
    // Missing or unreadable: it is asked for again, which costs nothing.
    return false;
  }
}

/** Notes that these keys are kept elsewhere too. `at`: milliseconds. False where nothing can be written beside them. */
export function markKeysExported(
  secretsFile: string,
  secrets: Pick<Secrets, 'nikHashKey' | 'nikEncryptionKeys'>,
  at: number,
): boolean {
  const mark = { ...fingerprintsOf(secrets), at: new Date(at).toISOString() };
  try {
    writeFileSync(markOf(secretsFile), `${JSON.stringify(mark)}\n`, { mode: 0o600 });
    return true;
  } catch {
    // A folder that a container is handed may be closed to it; the page was written all the same.
    return false;
  }
}

function markOf(secretsFile: string): string {
  return path.join(path.dirname(secretsFile), MARK);
}
