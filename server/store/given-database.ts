import pg from 'pg';
import type { Log } from '#server/base/log.ts';
import type { Address } from './connect.ts';
import { ensureRolesOf } from './roles.ts';

/** What a PostgreSQL of somebody's own says of its commits, as our sessions there begin. */
export interface CommitSettings {
  readonly synchronous_commit: string;
  readonly fsync: string;
}

export interface Durability {
  /** What our sessions have to set for themselves. */
  readonly settings: Readonly<Record<string, string>>;
  /** What no session can set: said to whoever started the program. */
  readonly warnings: readonly string[];
}

/**
 * What is acknowledged has to be on the disk. `synchronous_commit` is each session's own: where it is off, ours turn it
 * on, and every other value is at least that for one machine. `fsync` is the server's alone.
 */
export function durabilityOf(found: CommitSettings): Durability {
  return {
    settings: found.synchronous_commit === 'off' ? { synchronous_commit: 'on' } : {},
    warnings:
      found.fsync === 'off'
        ? [
            'FSYNC IS OFF in the PostgreSQL of DATABASE_URL: what was acknowledged is lost, or the whole database is ' +
              'damaged, when its machine stops. Set fsync = on in its postgresql.conf and restart it before anybody enrolls',
          ]
        : [],
  };
}

/** Makes a PostgreSQL of somebody's own ready for our sessions, and says how they begin. Throws StoreUnavailable. */
export async function prepareGiven(url: string, log: Log): Promise<Address> {
  await ensureRolesOf(url);
  const { settings, warnings } = durabilityOf(await readCommitSettings(url));
  for (const warning of warnings) log.warn(warning);
  return { kind: 'url', url, settings };
}

async function readCommitSettings(url: string): Promise<CommitSettings> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'kepling launcher',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<CommitSettings>(
      `SELECT current_setting('synchronous_commit') AS synchronous_commit, current_setting('fsync') AS fsync`,
    );
    return rows[0] as CommitSettings;
  } finally {
    await client.end();
  }
}
