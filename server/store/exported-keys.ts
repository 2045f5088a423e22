import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { doKeysFit, fingerprintsOf, type KeyFingerprints } from './key-fingerprints.ts';
import type { Secrets } from './secrets.ts';

/** Beside the data: which keys were written down, told by their fingerprints. No secret. */
const MARK = 'keys-exported.json';

/** Whether these very keys were exported from here, or brought in from a page. */
export function wereKeysExported(dataDir: string, secrets: Secrets): boolean {
  try {
    const mark = JSON.parse(readFileSync(path.join(dataDir, MARK), 'utf8')) as KeyFingerprints;
    return doKeysFit(mark, fingerprintsOf(secrets));
  } catch {
    // Missing or unreadable: it is asked for again, which costs nothing.
    return false;
  }
}

/** Notes that these keys are kept elsewhere too. `at`: milliseconds. */
export function markKeysExported(
  dataDir: string,
  secrets: Pick<Secrets, 'nikHashKey' | 'nikEncryptionKeys'>,
  at: number,
): void {
  const mark = { ...fingerprintsOf(secrets), at: new Date(at).toISOString() };
  writeFileSync(path.join(dataDir, MARK), `${JSON.stringify(mark)}\n`, { mode: 0o600 });
}
