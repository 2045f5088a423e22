import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wereKeysExported } from '#server/store/exported-keys.ts';
import { readSecrets, writeSecrets } from '#server/store/secrets.ts';
import { runCommandLine } from '#test/support/product.ts';

const key = (byte: number) => Buffer.alloc(32, byte);
const KEYS = { nikHashKey: key(1), nikEncryptionKeys: new Map([[1, key(2)]]), currentKeyId: 1 };

let folder: string;
let page: string;
const server = (name: string) => path.join(folder, name);
const secretsIn = (name: string) => path.join(server(name), 'keys/secrets.json');
const run = (name: string, ...args: string[]) =>
  runCommandLine(server(name), 'keys', args, { SECRETS_FILE: secretsIn(name) }).then(
    () => 'done',
    (error: { stderr: string }) => error.stderr,
  );
const held = (name: string) => {
  const { nikHashKey, nikEncryptionKeys, currentKeyId } = readSecrets(secretsIn(name)) ?? {};
  return { nikHashKey, nikEncryptionKeys, currentKeyId };
};

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'kepling-keys-'));
  page = path.join(folder, 'kunci.txt');
  writeSecrets(secretsIn('first'), KEYS);
  expect(await run('first', 'export', page)).toBe('done');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('[OPS-8] that keys were exported is noted beside them, for every server that shares them', () => {
  const keys = readSecrets(secretsIn('first'));
  if (!keys) throw new Error('the keys are gone');
  expect(wereKeysExported(secretsIn('first'), keys)).toBe(true);
  expect(existsSync(path.join(server('first'), 'keys-exported.json'))).toBe(false);
  expect(readFileSync(path.join(server('first'), 'keys/keys-exported.json'), 'utf8')).not.toContain(
    KEYS.nikHashKey.toString('base64'),
  );
});

test.each([
  ['cut off', (file: string) => truncateSync(file, 100)],
  ['empty', (file: string) => truncateSync(file, 0)],
  ['full of zeros', (file: string) => writeFileSync(file, Buffer.alloc(400))],
])(
  '[OPS-26] where their file is %s the keys come back from their page, and the file is kept',
  async (how, damage) => {
    const name = how.replaceAll(' ', '-');
    writeSecrets(secretsIn(name), { ...KEYS, nikHashKey: key(9) });
    damage(secretsIn(name));
    const before = readFileSync(secretsIn(name));
    expect(await run(name, 'export', path.join(folder, `${name}.txt`))).toContain('npm run keys -- import');
    expect(await run(name, 'import', page)).toBe('done');
    expect(held(name)).toEqual(KEYS);
    const aside = readdirSync(path.dirname(secretsIn(name))).filter((each) => each.includes('.damaged-'));
    expect(aside).toHaveLength(1);
    expect(readFileSync(path.join(path.dirname(secretsIn(name)), aside[0] as string))).toEqual(before);
  },
);

test('[OPS-26] whole keys of others and files of somebody else are left alone, and a folder is no page', async () => {
  writeSecrets(secretsIn('others'), { ...KEYS, nikHashKey: key(9) });
  expect(await run('others', 'import', page)).toContain('holds other keys');
  expect(held('others').nikHashKey).toEqual(key(9));

  mkdirSync(path.dirname(secretsIn('foreign')), { recursive: true });
  writeFileSync(secretsIn('foreign'), 'listen = 1\n');
  const told = await run('foreign', 'import', page);
  expect(told).toContain('SECRETS_FILE');
  expect(told).toContain('is no file of keys');
  expect(readdirSync(path.dirname(secretsIn('foreign')))).toEqual(['secrets.json']);
  expect(readFileSync(secretsIn('foreign'), 'utf8')).toBe('listen = 1\n');

  expect(await run('none', 'import', folder)).toContain('no plain file');
});
