import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Log } from '#server/base/log.ts';
import type { Store } from './store.ts';
import { StoreUnavailable } from './store-unavailable.ts';

/** Keys that are never in the database nor in its backups. All of 32 bytes. */
export interface Secrets {
  /** HMAC-SHA-256: how a NIK is found. */
  readonly nikHashKey: Buffer;
  /** AES-256-GCM: how a person is kept, by key id; old ones stay for reading. */
  readonly nikEncryptionKeys: ReadonlyMap<number, Buffer>;
  /** The id under which new rows are sealed. */
  readonly currentKeyId: number;
  readonly sessionSecret: Buffer;
}

const KEY_BYTES = 32;
const MAX_KEY_ID = 32_767;
const BRING_BACK =
  'npm run keys -- import HALAMAN. Jangan membuat kunci baru · never make new ones: the people would be lost.';

const key = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((bytes) => bytes.length === KEY_BYTES, '32 bytes in base64');
const secretsSchema = z.object({
  nikHashKey: key,
  nikEncryptionKeys: z.record(z.string().regex(/^[1-9]\d{0,4}$/), key),
  currentKeyId: z.int().min(1).max(MAX_KEY_ID),
  sessionSecret: key,
});

/**
 * Reads the secrets, or makes them at the first start, mode 600. Refuses with StoreUnavailable to make new ones for a
 * database that holds people: nobody could be found by NIK or read again, and each would be counted a second time.
 */
export async function openSecrets(file: string, store: Store, log: Log): Promise<Secrets> {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) {
    if (await holdsPeople(store)) {
      throw new StoreUnavailable(
        `${file} (SECRETS_FILE) tidak ada, padahal orang di basis data ini disegel dengan kuncinya · is missing, and this database holds people sealed with its keys. Kembalikan dari halaman di brankas · bring it back from the page in the safe: ${BRING_BACK}`,
      );
    }
    make(file);
    log.info({ file }, 'made the keys; keep a copy apart from the backups of the database');
  }
  // Whether it is a file of keys is known once it was read: nobody else's file is touched.
  const secrets = read(file);
  closeToOthers(file, log);
  return secrets;
}

function closeToOthers(file: string, log: Log): void {
  const mode = statSync(file).mode & 0o777;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  log.warn(
    { file, mode: mode.toString(8) },
    'the keys were open to other users of this machine; closing them to mode 600',
  );
  try {
    chmodSync(file, 0o600);
  } catch (err) {
    // A file that a container is handed belongs to somebody else.
    log.warn({ err, file }, 'the keys could not be closed to others: do it where they come from');
  }
}

/** Reads the secrets without making any; null where there are none. Throws StoreUnavailable where they are damaged. */
export function readSecrets(file: string): Secrets | null {
  return existsSync(file) ? read(file) : null;
}

/**
 * Moves a damaged file of keys aside, so that keys from a page can take its place. Returns its new name; null where it
 * does not look like keys at all, and so may be somebody else's file.
 */
export function setAsideDamaged(file: string, at: number): string | null {
  // What a power cut leaves is empty, or full of zeros.
  const text = readFileSync(file, 'utf8').replaceAll('\0', '').trim();
  if (text !== '' && !text.includes('nikHashKey')) return null;
  const aside = `${file}.damaged-${at}`;
  renameSync(file, aside);
  return aside;
}

async function holdsPeople(store: Store): Promise<boolean> {
  const result = await store
    .pool('reader')
    .query<{ found: boolean }>('SELECT EXISTS (SELECT id FROM participants) AS found');
  return result.rows[0]?.found === true;
}

/** Writes keys that were brought back, with a new session secret, where there is no file yet. Mode 600. */
export function writeSecrets(
  file: string,
  keys: Pick<Secrets, 'nikHashKey' | 'nikEncryptionKeys' | 'currentKeyId'>,
): void {
  writeOnce(file, {
    nikHashKey: keys.nikHashKey.toString('base64'),
    nikEncryptionKeys: Object.fromEntries(
      [...keys.nikEncryptionKeys].map(([id, bytes]) => [id, bytes.toString('base64')]),
    ),
    currentKeyId: keys.currentKeyId,
    sessionSecret: newKey(),
  });
}

function make(file: string): void {
  writeOnce(file, {
    nikHashKey: newKey(),
    nikEncryptionKeys: { 1: newKey() },
    currentKeyId: 1,
    sessionSecret: newKey(),
  });
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

function writeOnce(file: string, secrets: z.input<typeof secretsSchema>): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const making = `${file}.making-${process.pid}`;
  writeFileSync(making, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600, flush: true });
  try {
    // A link never replaces: of two first starts at once, both read the keys of the faster one.
    linkSync(making, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(making, { force: true });
  }
}

function read(file: string): Secrets {
  const parsed = secretsSchema.safeParse(parse(file, readText(file)));
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw damaged(file, `tidak lengkap · is not whole (${fields})`);
  }
  const { nikHashKey, nikEncryptionKeys, currentKeyId, sessionSecret } = parsed.data;
  const keys = new Map(Object.entries(nikEncryptionKeys).map(([id, bytes]) => [Number(id), bytes]));
  if (!keys.has(currentKeyId))
    throw damaged(file, `names key ${currentKeyId} as current and does not hold it`);
  return { nikHashKey, nikEncryptionKeys: keys, currentKeyId, sessionSecret };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new StoreUnavailable(
      `SECRETS_FILE ${file} tidak terbaca · cannot be read (${(cause as NodeJS.ErrnoException).code})`,
      cause,
    );
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes what it stumbled over, and here that is a key.
    throw damaged(file, 'bukan JSON · is not valid JSON');
  }
}

function damaged(file: string, how: string): StoreUnavailable {
  return new StoreUnavailable(
    `${file} ${how}: kunci rusak, atau SECRETS_FILE menyebut berkas lain · the keys are damaged, or SECRETS_FILE names another file. Dari halaman di brankas · from the page in the safe: ${BRING_BACK}`,
  );
}
