import { createHmac } from 'node:crypto';
import type { Secrets } from './secrets.ts';

/** Tells keys apart without telling them: what a backup and the mark of an export say about the keys they belong to. */
export interface KeyFingerprints {
  /** Of the key by which people are found. */
  readonly nikHash: string;
  /** Of the keys that seal people, by id. */
  readonly seals: Readonly<Record<string, string>>;
}

const LENGTH = 16;

export function fingerprintsOf(secrets: Pick<Secrets, 'nikHashKey' | 'nikEncryptionKeys'>): KeyFingerprints {
  return {
    nikHash: fingerprint(secrets.nikHashKey),
    seals: Object.fromEntries([...secrets.nikEncryptionKeys].map(([id, key]) => [id, fingerprint(key)])),
  };
}

/** Whether everything sealed and found under `needed` can be opened and found with `held`. */
export function doKeysFit(held: KeyFingerprints, needed: KeyFingerprints): boolean {
  return (
    held.nikHash === needed.nikHash &&
    Object.entries(needed.seals).every(([id, seal]) => held.seals[id] === seal)
  );
}

function fingerprint(key: Buffer): string {
  return createHmac('sha256', key).update('kepling key fingerprint').digest('hex').slice(0, LENGTH);
}
