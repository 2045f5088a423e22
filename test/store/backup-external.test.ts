import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApp, type TestApp, urlOf } from '#test/support/app.ts';
import { createEmptyDatabase, type EmptyDatabase } from '#test/support/database.ts';
import { enrollInput, sendEnroll } from '#test/support/enroll.ts';
import { runCommandLine, startProduct } from '#test/support/product.ts';
import { until } from '#test/support/wait.ts';

const PEOPLE = 7;

describe('a PostgreSQL of somebody’s own', () => {
  let app: TestApp;
  let next: EmptyDatabase;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    app = await openTestApp();
    // Each day that is closed in the background leaves a note of audit.
    await until('the days to be closed', () => app.logged.some((line) => line.includes('"closed"')), 25_000);
    next = await createEmptyDatabase();
    folder = mkdtempSync(path.join(os.tmpdir(), 'kepling-external-'));
    file = path.join(folder, 'kepling.backup');
    for (let number = 0; number < PEOPLE; number++)
      await sendEnroll(app.ask, enrollInput(number), app.key('bpjs'));
  });
  afterAll(async () => {
    await app.close();
    await next.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const keys = () => path.join(app.dataDir, 'secrets.json');
  const run = (
    command: string,
    args: string[],
    database: { address: Parameters<typeof urlOf>[0] },
    secrets = keys(),
  ) =>
    runCommandLine(folder, command, args, { DATABASE_URL: urlOf(database.address), SECRETS_FILE: secrets });
  const failing = (...args: Parameters<typeof run>) =>
    run(...args).then(
      (said) => `it did not fail: ${said}`,
      (error: { stderr: string }) => error.stderr,
    );
  const tables = async () =>
    (await (await next.admin()).query(`SELECT 1 FROM pg_tables WHERE schemaname = 'public'`)).rowCount;
  const everything = async (database: { admin: TestApp['database']['admin'] }) => {
    const admin = await database.admin();
    const { rows } = await admin.query<Record<string, unknown>>(
      `SELECT (SELECT revision FROM ledger_heads) AS revision, (SELECT sum(enrolled)::int FROM neighborhood_sums) AS enrolled,
              (SELECT md5(string_agg(p::text, '' ORDER BY p.id)) FROM participants p) AS people,
              (SELECT md5(string_agg(e::text, '' ORDER BY revision, position)) FROM entries e) AS entries,
              (SELECT encode(audit_hash, 'hex') FROM ledger_heads) AS audit`,
    );
    return rows[0];
  };

  test('[OPS-4] is backed up beside the server that works on it, and none of its own is started', async () => {
    expect(await run('backup', [file], app.database)).toContain('keys are not in it');
    expect(readdirSync(folder)).not.toContain('postgres');
  });

  test('[OPS-6] under keys that are not those of the backup the empty database stays empty', async () => {
    const foreign = path.join(folder, 'foreign.json');
    const held = JSON.parse(readFileSync(keys(), 'utf8')) as object;
    const nikHashKey = randomBytes(32).toString('base64');
    writeFileSync(foreign, JSON.stringify({ ...held, nikHashKey }), { mode: 0o600 });
    expect(await failing('restore', [file], next, foreign)).toContain('holds other keys');
    expect(await failing('restore', [file], next, path.join(folder, 'none.json'))).toContain('is not there');
    expect(existsSync(path.join(folder, 'none.json'))).toBe(false);
    expect(await tables()).toBe(0);
  });

  test('[SET-49] under keys that are not those of its people neither a server nor a command begins, and nothing changes', async () => {
    const before = await everything(app.database);
    const held = JSON.parse(readFileSync(keys(), 'utf8')) as { nikEncryptionKeys: object };
    const other = randomBytes(32).toString('base64');
    for (const change of [{ nikHashKey: other }, { nikEncryptionKeys: { 1: other } }]) {
      const foreign = path.join(folder, `${Object.keys(change)[0]}.json`);
      writeFileSync(foreign, JSON.stringify({ ...held, ...change }), { mode: 0o600 });
      const advice = 'npm run keys -- import';
      expect(await failing('backup', [`${file}.other`], app.database, foreign)).toContain(advice);
      const settings = { DATABASE_URL: urlOf(app.database.address), SECRETS_FILE: foreign };
      const ended = await startProduct(folder, { settings }).catch((error: Error) => error);
      expect(String(ended)).toContain(advice);
      // To save these very keys would be wrong advice.
      expect(String(ended)).not.toContain('keys -- export');
    }
    expect(existsSync(`${file}.other`)).toBe(false);
    expect(await everything(app.database)).toEqual(before);
  });

  test('[OPS-20] a database that holds a program is not replaced, whatever is asked for', async () => {
    const before = await everything(app.database);
    expect(before).toMatchObject({ enrolled: PEOPLE });
    for (const args of [[file], [file, '--replace']])
      expect(await failing('restore', args, app.database)).toContain('make a new, empty database');
    expect(await everything(app.database)).toEqual(before);
  });

  test('[OPS-20] into an empty database everything comes back, and a server there knows who was enrolled', async () => {
    const said = await run('restore', [file], next);
    expect(said).toContain('sums agree');
    expect(await everything(next)).toEqual(await everything(app.database));

    const settings = { DATABASE_URL: urlOf(next.address), SECRETS_FILE: keys() };
    copyFileSync(path.join(app.dataDir, 'demo-accounts.json'), path.join(folder, 'demo-accounts.json'));
    const product = await startProduct(folder, { settings });
    try {
      const totals = (await (await fetch(`${product.url}/totals.json`)).json()) as {
        whole: { totals: { enrolled: number } };
      };
      expect(totals.whole.totals.enrolled).toBe(PEOPLE);
      const again = { ...enrollInput(3), idempotencyKey: 'elsewhere' };
      expect(await sendEnroll(product.ask, again, app.key('bpjs'))).toMatchObject({
        code: 'DUPLICATE_ENROLLMENT',
      });
    } finally {
      await product.stop();
    }
  });
});
