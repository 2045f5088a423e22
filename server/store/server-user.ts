import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { StoreUnavailable } from './store-unavailable.ts';

/** How the database server is started so that it is not root. */
export interface ServerUser {
  /** Put before the program and its arguments. */
  readonly prefix: readonly string[];
  /** Whom the program runs as and the data belongs to, when that is neither us nor root in a namespace. */
  readonly identity?: { readonly uid: number; readonly gid: number };
}

/** Nothing of ours, neither keys nor addresses, reaches the database server. */
export const BARE_ENVIRONMENT = { LANG: 'C', LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' };

const UNSHARE = ['-U', '--map-user=65534', '--map-group=65534'];
const SELF: ServerUser = { prefix: [] };

/**
 * PostgreSQL refuses to run as root. As root we start it in a user namespace, in which root's own files stay
 * reachable and no user has to exist; where namespaces are forbidden, as `postgres` or `nobody`.
 * `dataOwner`: the uid that made the data, undefined when there is none yet. Throws StoreUnavailable.
 */
export function chooseServerUser(dataFolder: string, dataOwner: number | undefined): ServerUser {
  const uid = process.getuid?.();
  if (uid === undefined) return SELF;
  if (uid !== 0) {
    if (dataOwner === undefined || dataOwner === uid) return SELF;
    throw new StoreUnavailable(
      `${dataFolder} belongs to user ${userName(dataOwner)} and this is ${userName(uid)}: start as that user, or set DATA_DIR to another folder`,
    );
  }
  if (dataOwner !== undefined && dataOwner !== 0) return otherUser(dataOwner);
  if (spawnSync('unshare', [...UNSHARE, 'true']).status === 0) return { prefix: ['unshare', ...UNSHARE] };
  if (dataOwner === 0) {
    throw new StoreUnavailable(
      `${dataFolder} belongs to root and this machine allows no user namespaces, so nobody may run its database: start where they are allowed, or give the folder away (chown -R postgres ${dataFolder})`,
    );
  }
  const users = passwd();
  const found = users.find(({ name }) => name === 'postgres') ?? users.find(({ name }) => name === 'nobody');
  if (found) return otherUser(found.uid);
  throw new StoreUnavailable(
    'PostgreSQL does not run as root, and here are neither user namespaces nor a user postgres or nobody: start as an ordinary user, or set DATABASE_URL',
  );
}

/** Lets the server's user pass through DATA_DIR to its data; throws StoreUnavailable when a folder above is closed. */
export function openTheWay(dataDir: string, user: ServerUser): void {
  if (!user.identity) return;
  if (mayEnter(dataDir, user.identity)) return;
  chmodSync(dataDir, 0o711);
  if (mayEnter(dataDir, user.identity)) return;
  throw new StoreUnavailable(
    `PostgreSQL does not run as root, and user ${userName(user.identity.uid)} cannot enter ${dataDir}: set DATA_DIR to a folder such as /var/lib/kepling, or start as an ordinary user`,
  );
}

function mayEnter(folder: string, identity: { uid: number; gid: number }): boolean {
  return spawnSync('test', ['-x', folder], { ...identity, env: BARE_ENVIRONMENT, cwd: '/' }).status === 0;
}

function otherUser(uid: number): ServerUser {
  const gid = passwd().find((entry) => entry.uid === uid)?.gid ?? uid;
  return { prefix: [], identity: { uid, gid } };
}

interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

function passwd(): PasswdEntry[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .filter((fields) => fields.length > 3)
      .map(([name, , uid, gid]) => ({ name: String(name), uid: Number(uid), gid: Number(gid) }));
  } catch {
    return [];
  }
}

function userName(uid: number): string {
  const name = passwd().find((entry) => entry.uid === uid)?.name;
  return name === undefined ? `number ${uid}` : `${name} (${uid})`;
}
