import { createHash, randomBytes } from 'node:crypto';

const KEY_BYTES = 24;

/** A new key for a machine or a screen: 192 random bits, shown once. `kp_` lets a leaked one be recognized. */
export function newKey(): string {
  return `kp_${randomBytes(KEY_BYTES).toString('base64url')}`;
}

/** What is kept of a key. A plain hash is enough: unlike a NIK, a key cannot be enumerated. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
