import { type Cipher, createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';

const ALGORITHM = 'aes-256-ctr';

/** A file that only the process which made it can read: its key is nowhere else, and is gone with the process. */
export interface SealedFile {
  append(bytes: Uint8Array | string): Promise<void>;
  /** From its beginning, what was appended so far. */
  read(): AsyncIterable<Buffer>;
  readonly isEmpty: boolean;
  /** Takes it off the disk. Harmless where it is gone already. */
  remove(): Promise<void>;
}

/** Makes a file that was not there, mode 0600. */
export async function createSealedFile(file: string): Promise<SealedFile> {
  const key = randomBytes(32);
  const start = randomBytes(16);
  const cipher: Cipher = createCipheriv(ALGORITHM, key, start);
  const handle: FileHandle = await open(file, 'wx', 0o600);
  let isEmpty = true;
  return {
    async append(bytes) {
      if (bytes.length === 0) return;
      isEmpty = false;
      await handle.appendFile(cipher.update(typeof bytes === 'string' ? Buffer.from(bytes) : bytes));
    },
    async *read() {
      const decipher = createDecipheriv(ALGORITHM, key, start);
      for await (const chunk of createReadStream(file)) yield decipher.update(chunk as Buffer);
    },
    get isEmpty() {
      return isEmpty;
    },
    async remove() {
      await handle.close().catch(() => undefined);
      await rm(file, { force: true });
    },
  };
}
