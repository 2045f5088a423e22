import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '#server/base/log.ts';
import { openSecrets } from '#server/store/secrets.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { temporaryFolder } from '#test/support/folder.ts';
import { writeRows } from '#test/support/rows.ts';

const log = createLog({ level: 'silent' });

describe('the keys', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const open = (file: string) => openSecrets(file, database.store, log);

  test('[SET-28] are made at the first start, for this user alone, and stay', async () => {
    const file = path.join(temporaryFolder(), 'deep/secrets.json');
    const [first, second] = await Promise.all([open(file), open(file)]);
    expect(first).toEqual(second);
    expect(await open(file)).toEqual(first);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const keys = [first.nikHashKey, first.sessionSecret, first.nikEncryptionKeys.get(first.currentKeyId)];
    expect(keys.map((key) => key?.length)).toEqual([32, 32, 32]);
    expect(new Set(keys.map((key) => key?.toString('hex'))).size).toBe(3);
  });

  test('[SET-28] that others may read are closed to them', async () => {
    const file = path.join(temporaryFolder(), 'secrets.json');
    await open(file);
    chmodSync(file, 0o644);
    await open(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['not JSON', (text: string) => text.slice(1)],
    ['without a key', (text: string) => JSON.stringify({ ...JSON.parse(text), nikHashKey: undefined })],
    [
      'with a short key',
      (text: string) => JSON.stringify({ ...JSON.parse(text), sessionSecret: 'c2hvcnQ=' }),
    ],
    ['without its current key', (text: string) => JSON.stringify({ ...JSON.parse(text), currentKeyId: 2 })],
  ])('[SET-29] a file that is %s is refused without quoting it', async (_what, spoil) => {
    const file = path.join(temporaryFolder(), 'secrets.json');
    await open(file);
    const whole = readFileSync(file, 'utf8');
    const { sessionSecret } = JSON.parse(whole) as { sessionSecret: string };
    writeFileSync(file, spoil(whole));
    const refusal = await open(file).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(refusal?.name).toBe('StoreUnavailable');
    expect(refusal?.message).not.toContain(sessionSecret.slice(0, 8));
    expect(refusal?.message).toContain(file);
    expect(refusal?.message).toContain('npm run keys -- import');
  });

  test('[SET-29] a file of somebody else is refused by the name of the setting, and stays as it was', async () => {
    const file = path.join(temporaryFolder(), 'somebody.conf');
    writeFileSync(file, 'listen = 1\n', { mode: 0o644 });
    chmodSync(file, 0o644);
    await expect(open(file)).rejects.toThrow(/SECRETS_FILE/);
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });

  test('[SET-30] are never made anew for a database that holds people', async () => {
    const populated = await createTestDatabase();
    await writeRows(populated.store);
    const file = path.join(temporaryFolder(), 'secrets.json');
    await expect(openSecrets(file, populated.store, log)).rejects.toThrow(
      /is missing, and this database holds people.*npm run keys -- import/,
    );
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
    await populated.drop();
  });
});
