import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '#server/base/log.ts';
import { type App, compose } from '#server/compose.ts';
import { closeDays } from '#server/domain/contributions/close-day.ts';
import { enroll } from '#server/domain/enrollments/enroll.ts';
import { withdraw } from '#server/domain/enrollments/withdraw.ts';
import { copyIn, copyOut } from '#server/store/copy.ts';
import { MIGRATIONS_FOLDER, migrate } from '#server/store/migrate.ts';
import { writeSecrets } from '#server/store/secrets.ts';
import { createEmptyDatabase, type EmptyDatabase } from '#test/support/database.ts';
import { heldClock } from '#test/support/held-clock.ts';
import {
  BPJS,
  KEPLING,
  MORNING,
  openSmallProgram,
  person,
  type SmallProgram,
  SYSTEM,
} from '#test/support/small-program.ts';

const DAY_MS = 86_400_000;
const PEOPLE = 40;
const log = createLog({ level: 'silent' });
let old: EmptyDatabase;
let present: SmallProgram;
let dataDir: string;
let app: App | undefined;

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'kepling-upgrade-'));
  present = await openSmallProgram();
  old = await createEmptyDatabase();
});
afterAll(async () => {
  await app?.close();
  await present.close();
  await old.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('[OPS-10] a database of the first version comes up to date with every row, and its totals are true', async () => {
  for (let number = 0; number < PEOPLE; number++) {
    const actor = number % 8 === 0 ? KEPLING : BPJS;
    const changes = actor === KEPLING ? { neighborhood: KEPLING.areaCode } : {};
    const answer = await enroll(present.intake, actor, `old ${number}`, person(number, changes));
    if ('refusal' in answer) throw new Error(answer.refusal);
    if (number % 9 === 1)
      await withdraw(present.intake, BPJS, `gone ${number}`, {
        enrollmentId: answer.enrollmentId,
        reason: 'OWN_REQUEST',
        note: null,
      });
  }
  // Nothing is left for the calendar, so that the start itself has nothing to post.
  present.clock.advance(100 * DAY_MS);
  expect(await closeDays(present.intake, SYSTEM)).toHaveLength(101);
  const tables = await makeOld();
  expect(tables.length).toBeGreaterThan(10);
  const before = await pictureOf(tables);
  const kept = await old.connections
    .pool('reader')
    .query<{ enrolled: number; pending: number }>(
      'SELECT sum(enrolled)::int AS enrolled, sum(pending)::int AS pending FROM neighborhood_sums',
    );

  app = await start();
  await app.loaded;
  // What it does at every start adds rows and versions, and touches none of those.
  const additions = new Set(['principals', 'versions']);
  const after = await pictureOf(tables);
  for (const { name } of tables)
    if (!additions.has(name)) expect([name, after.get(name)]).toEqual([name, before.get(name)]);

  const url = `http://127.0.0.1:${app.port}`;
  const ready = (await (await fetch(`${url}/readyz`)).json()) as { checks: Record<string, boolean> };
  expect(ready.checks).toMatchObject({ migrations: true, sumsAgree: true });
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ program { city { totals { enrolled pending } } } }' }),
  });
  const { data } = (await answer.json()) as {
    data: { program: { city: { totals: { enrolled: number; pending: number } } } };
  };
  expect(kept.rows[0]?.enrolled).toBeGreaterThan(20);
  expect(data.program.city.totals).toEqual(kept.rows[0]);
  const applied = await old.connections
    .pool('owner')
    .query<{ name: string }>('SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1');
  expect(applied.rows.map(({ name }) => name)).toEqual(migrationNames());
});

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

/** The database as the first version left it: its tables, and the rows of today's program as far as it has columns for them. */
async function makeOld(): Promise<Table[]> {
  const folder = path.join(dataDir, 'first');
  for (const name of ['migration_lock.toml', migrationNames()[0] as string])
    cpSync(path.join(MIGRATIONS_FOLDER, name), path.join(folder, name), { recursive: true });
  expect(await migrate(old.connections, log, folder)).toHaveLength(1);
  const target = await old.admin();
  const { rows } = await target.query<Table>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'
      GROUP BY c.relname ORDER BY c.relname`,
  );
  await target.query('SET session_replication_role = replica');
  for (const { name, columns } of rows) {
    const batches: Buffer[] = [];
    await copyOut(
      present.admin,
      `COPY (SELECT ${columns.join(', ')} FROM ${name}) TO STDOUT`,
      async (batch) => void batches.push(batch),
    );
    await copyIn(target, `COPY ${name} (${columns.join(', ')}) FROM STDIN`, each(batches));
  }
  await target.query(`SELECT setval('principals_id_seq', 1000), setval('areas_id_seq', 1000)`);
  return rows;
}

async function* each(batches: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* batches;
}

/** Of each table how many rows it has and what stands in them. */
async function pictureOf(tables: readonly Table[]): Promise<Map<string, string>> {
  const admin = await old.admin();
  const picture = new Map<string, string>();
  for (const { name, columns } of tables) {
    const { rows } = await admin.query<{ text: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ';' ORDER BY t::text)), '') AS text
         FROM (SELECT ${columns.join(', ')} FROM ${name}) AS t`,
    );
    picture.set(name, rows[0]?.text ?? '');
  }
  return picture;
}

async function start(): Promise<App> {
  const { address } = old;
  if (address.kind !== 'embedded') throw new Error('the test databases are embedded ones');
  const secretsFile = path.join(dataDir, 'secrets.json');
  const key = (name: string) => createHash('sha256').update(name).digest();
  writeSecrets(secretsFile, {
    nikHashKey: key('hash'),
    nikEncryptionKeys: new Map([[1, key('seal')]]),
    currentKeyId: 1,
  });
  return await compose({
    config: {
      port: 0,
      host: '127.0.0.1',
      trustedProxies: [],
      dataDir,
      databaseUrl: `postgresql://postgres@localhost/${address.database}?host=${encodeURIComponent(address.socketFolder)}`,
      programMode: 'demo',
      demoTraffic: 0,
      secretsFile,
    },
    claim: null,
    clock: heldClock(MORNING),
    log,
  });
}

function migrationNames(): string[] {
  return readdirSync(MIGRATIONS_FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
