import pg from 'pg';
import { ROLES } from './connect.ts';
import { StoreUnavailable } from './store-unavailable.ts';

const OLDEST_SERVER = 150_000;
const INSUFFICIENT_PRIVILEGE = '42501';
/** Another start made the same role or database a moment earlier. */
const MADE_MEANWHILE = new Set(['42710', '23505', '42P04']);

const names = Object.values(ROLES);

/**
 * The three roles and the database on a server of our own, made where missing. `admin`: a superuser's connection
 * settings, without a database.
 */
export async function ensureEmbeddedDatabase(admin: pg.ClientConfig, database: string): Promise<void> {
  const missing = await using({ ...admin, database: 'postgres' }, async (client) => {
    for (const name of await missingRoles(client)) await make(client, `CREATE ROLE ${name} LOGIN NOINHERIT`);
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount !== 0) return false;
    await make(client, `CREATE DATABASE ${pg.escapeIdentifier(database)} OWNER ${ROLES.owner}`);
    return true;
  });
  if (missing) await closeToOthers(admin, database);
}

/** Nobody but our three roles gets into `database`, and only the owner makes tables in it. */
export async function closeToOthers(admin: pg.ClientConfig, database: string): Promise<void> {
  const name = pg.escapeIdentifier(database);
  await using({ ...admin, database }, async (client) => {
    await client.query(`
      REVOKE ALL ON DATABASE ${name} FROM PUBLIC;
      GRANT CONNECT ON DATABASE ${name} TO ${ROLES.app}, ${ROLES.reader};
      ALTER SCHEMA public OWNER TO ${ROLES.owner};
      REVOKE ALL ON SCHEMA public FROM PUBLIC;
      GRANT USAGE ON SCHEMA public TO ${ROLES.app}, ${ROLES.reader};
    `);
  });
}

/**
 * The three roles on somebody's server, made where missing and where its user may. Throws StoreUnavailable with the
 * statements that an administrator has to run where it may not.
 */
export async function ensureRolesOf(url: string): Promise<void> {
  await using({ connectionString: url, application_name: 'kepling launcher' }, async (client) => {
    const version = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    if (Number(version.rows[0]?.server_version_num) < OLDEST_SERVER) {
      throw new StoreUnavailable('DATABASE_URL leads to a PostgreSQL older than 15: use a newer one');
    }
    try {
      for (const name of await missingRoles(client))
        await make(client, `CREATE ROLE ${name} NOLOGIN NOINHERIT`);
      if (!(await isReady(client))) {
        for (const name of names) await client.query(`GRANT ${name} TO CURRENT_USER`);
        await client.query(schemaGrants());
      }
    } catch (error) {
      if ((error as pg.DatabaseError).code !== INSUFFICIENT_PRIVILEGE) throw error;
    }
    if (!(await isReady(client))) throw new StoreUnavailable(await instructions(client));
  });
}

async function missingRoles(client: pg.Client): Promise<string[]> {
  const found = await client.query<{ rolname: string }>(
    'SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)',
    [names],
  );
  const present = new Set(found.rows.map((row) => row.rolname));
  return names.filter((name) => !present.has(name));
}

async function isReady(client: pg.Client): Promise<boolean> {
  if ((await missingRoles(client)).length > 0) return false;
  const result = await client.query<{ ready: boolean }>(
    `SELECT bool_and(pg_has_role(current_user, name, 'MEMBER'))
        AND has_schema_privilege($2, 'public', 'CREATE')
        AND has_schema_privilege($3, 'public', 'USAGE')
        AND has_schema_privilege($4, 'public', 'USAGE') AS ready
     FROM unnest($1::text[]) AS name`,
    [names, ROLES.owner, ROLES.app, ROLES.reader],
  );
  return result.rows[0]?.ready === true;
}

function schemaGrants(): string {
  return `GRANT CREATE, USAGE ON SCHEMA public TO ${ROLES.owner}; GRANT USAGE ON SCHEMA public TO ${ROLES.app}, ${ROLES.reader};`;
}

async function instructions(client: pg.Client): Promise<string> {
  const user = await client.query<{ name: string }>('SELECT quote_ident(current_user) AS name');
  const sql = [
    ...(await missingRoles(client)).map((name) => `CREATE ROLE ${name} NOLOGIN NOINHERIT;`),
    `GRANT ${names.join(', ')} TO ${user.rows[0]?.name};`,
    schemaGrants(),
  ].join(' ');
  return `the user of DATABASE_URL may not make the program's three roles; let an administrator of that database run: ${sql}`;
}

async function make(client: pg.Client, statement: string): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    if (!MADE_MEANWHILE.has((error as pg.DatabaseError).code ?? '')) throw error;
  }
}

async function using<T>(settings: pg.ClientConfig, fn: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionTimeoutMillis: 10_000, ...settings });
  client.on('error', () => {});
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}
