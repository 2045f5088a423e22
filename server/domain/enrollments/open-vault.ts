import type { ClientBase } from 'pg';
import type { Secrets } from '#server/store/secrets.ts';
import { StoreUnavailable } from '#server/store/store-unavailable.ts';
import { createVault, type Vault } from './vault.ts';

/**
 * The vault of these keys. Throws StoreUnavailable where the program's people were sealed, or are found, with others:
 * nobody could be found, and each would be counted a second time. Told by whoever was first, since somebody may have
 * been taken in under wrong keys later; where there is nobody any keys are right. `connect`: a connection that sees
 * everyone. `file`: where the keys are, for the message.
 */
export async function openVault(
  connect: () => Promise<ClientBase & { end(): Promise<void> }>,
  programId: number,
  secrets: Secrets,
  file: string,
): Promise<Vault> {
  const vault = createVault({ ...secrets, encryptionKeys: secrets.nikEncryptionKeys });
  const client = await connect();
  try {
    if (await doKeysFit(client, programId, vault)) return vault;
  } finally {
    await client.end();
  }
  throw new StoreUnavailable(
    `${file}: bukan kunci orang-orang di basis data ini · these are not the keys of the people in this database: move the file away and put the right one back (npm run keys -- import FILE, from the page in the safe). Tidak ada yang berubah · nothing was changed.`,
  );
}

async function doKeysFit(client: ClientBase, programId: number, vault: Vault): Promise<boolean> {
  const { rows } = await client.query<{ id: string; nikHash: Buffer; keyId: number; sealed: Buffer }>(
    `SELECT id, nik_hash AS "nikHash", key_id AS "keyId", sealed FROM participants
      WHERE program_id = $1 AND sealed IS NOT NULL ORDER BY id LIMIT 1`,
    [programId],
  );
  const [first] = rows;
  if (!first) return true;
  try {
    const { nik } = JSON.parse(vault.open(first.id, first.keyId, first.sealed)) as { nik: string };
    return vault.hashNik(nik).equals(first.nikHash);
  } catch {
    // It does not open; why says nothing that would help.
    return false;
  }
}
