import { createCipheriv, createDecipheriv, createHmac, randomFillSync } from 'node:crypto';

/** What is kept of a person, sealed as one. */
export interface PersonDetails {
  readonly nik: string;
  readonly name: string;
  readonly birthDate: string | null;
  readonly occupation: string | null;
  readonly phone: string | null;
}

export interface VaultKeys {
  readonly nikHashKey: Buffer;
  /** 32 bytes each, by id; old ones stay to open what they sealed. */
  readonly encryptionKeys: ReadonlyMap<number, Buffer>;
  readonly currentKeyId: number;
}

/** Keeps people findable and unreadable: a keyed hash to find, encryption to keep. Its keys are never in the database. */
export interface Vault {
  /** HMAC-SHA-256 of the 16 digits. */
  hashNik(nik: string): Buffer;
  /** Keyed too: an input holds a NIK, and a plain hash of one is guessed in minutes. */
  hashInput(canonical: string): Buffer;
  /** AES-256-GCM, bound to the id of the row it is kept in: sealed text moved to another row does not open. */
  seal(rowId: string, text: string): { keyId: number; sealed: Buffer };
  /** Throws where it was sealed with a key that is not here, for another row, or was changed. */
  open(rowId: string, keyId: number, sealed: Uint8Array): string;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
const IVS_PER_DRAW = 1_024;

export function createVault(keys: VaultKeys): Vault {
  const keyOf = (id: number) => {
    const key = keys.encryptionKeys.get(id);
    if (!key) throw new Error(`No encryption key with id ${id} in the secrets file.`);
    return key;
  };
  const hmac = (purpose: string, text: string) =>
    createHmac('sha256', keys.nikHashKey).update(purpose).update('\0').update(text).digest();
  const nextIv = drawIvs();

  return {
    hashNik: (nik) => hmac('nik', nik),
    hashInput: (canonical) => hmac('input', canonical),
    seal(rowId, text) {
      const iv = nextIv();
      const cipher = createCipheriv('aes-256-gcm', keyOf(keys.currentKeyId), iv);
      cipher.setAAD(Buffer.from(rowId));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return { keyId: keys.currentKeyId, sealed: Buffer.concat([iv, cipher.getAuthTag(), body]) };
    },
    open(rowId, keyId, sealed) {
      const bytes = Buffer.from(sealed);
      const decipher = createDecipheriv('aes-256-gcm', keyOf(keyId), bytes.subarray(0, IV_BYTES));
      decipher.setAAD(Buffer.from(rowId));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const body = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
      return body.toString('utf8');
    },
  };
}

/** Chance for one IV after another, each given once. Drawn many at a time: a draw costs as much as the sealing at least. */
function drawIvs(): () => Buffer {
  const drawn = Buffer.alloc(IVS_PER_DRAW * IV_BYTES);
  let next = drawn.length;
  return () => {
    if (next === drawn.length) {
      randomFillSync(drawn);
      next = 0;
    }
    next += IV_BYTES;
    return drawn.subarray(next - IV_BYTES, next);
  };
}
