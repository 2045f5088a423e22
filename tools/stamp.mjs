import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** One hash over the names and contents of files and whole folders, and over further texts. What is missing counts too. */
export function hashOf(root, entries, texts = []) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text}\0`);
  for (const file of entries.flatMap((entry) => filesBelow(root, entry))) {
    hash.update(`${file}\0`);
    hash.update(readIfThere(path.join(root, file)));
    hash.update('\0');
  }
  return hash.digest('hex');
}

export function hasStamp(file, hash) {
  return readIfThere(file).toString('utf8').trim() === hash;
}

export function writeStamp(file, hash) {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${hash}\n`);
  } catch (error) {
    // In a read-only installation the stamp is only a convenience.
    if (error.code !== 'EACCES' && error.code !== 'EROFS') throw error;
  }
}

function filesBelow(root, entry) {
  const found = statSync(path.join(root, entry), { throwIfNoEntry: false });
  if (!found?.isDirectory()) return [entry];
  return readdirSync(path.join(root, entry))
    .sort()
    .flatMap((name) => filesBelow(root, path.posix.join(entry, name)));
}

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
