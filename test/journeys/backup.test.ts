import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { SUPERUSER } from '#server/store/data-folder.ts';
import { findPostmaster, PORT } from '#server/store/postmaster.ts';
import { enrollInput, madeUpNik, type Outcome, sendEnroll } from '#test/support/enroll.ts';
import { copyOfDemonstration } from '#test/support/loaded-demonstration.ts';
import { type Product, runCommandLine, startProduct } from '#test/support/product.ts';
import { followCity } from '#test/support/shown-truth.ts';
import { until } from '#test/support/wait.ts';

const FOLLOWS_WITHIN_MS = 10_000;
const OPENING = 37_058;

let folder: ReturnType<typeof copyOfDemonstration>;
let product: Product;
let other: string;
let file: string;
let next = 0;
beforeAll(async () => {
  folder = copyOfDemonstration(inject('loadedDemonstration'));
  other = mkdtempSync(path.join(os.tmpdir(), 'kepling-other-'));
  file = path.join(other, 'kepling.backup');
  product = await startProduct(folder.dataDir);
});
afterAll(async () => {
  await product?.stop();
  folder?.remove();
  rmSync(other, { recursive: true, force: true });
});

const key = () => product.key('bpjs');
const send = (number: number) => sendEnroll(product.ask, enrollInput(number), key());
const run = (command: string, args: readonly string[], dataDir = folder.dataDir) =>
  runCommandLine(dataDir, command, args);
const failing = async (command: string, args: readonly string[], dataDir?: string) =>
  await run(command, args, dataDir).then(
    (said) => `it did not fail: ${said}`,
    (error: { stderr: string }) => error.stderr,
  );
const headOf = (backup: string) =>
  JSON.parse(gunzipSync(readFileSync(backup)).toString().split('\n', 1)[0] as string) as {
    program: { revision: number; people: number; epoch: string };
    tables: { name: string; rows: number }[];
  };
const cover = async () => {
  const response = await fetch(`${product.url}/totals.json`);
  const { epoch, revision } = (await response.json()) as { epoch: string; revision: number };
  return { epoch, revision };
};

/** Past every policy and role. */
async function asSuperuser<T extends pg.QueryResultRow>(statement: string): Promise<T[]> {
  const client = new pg.Client({
    host: findPostmaster(path.join(folder.dataDir, 'postgres'))?.socketFolder ?? '',
    port: PORT,
    user: SUPERUSER,
    database: 'kepling',
  });
  await client.connect();
  const { rows } = await client.query<T>(statement);
  await client.end();
  return rows;
}

describe('a backup', () => {
  test('[OPS-4] taken while people are enrolled is one moment, whole, flushed and sealed', async () => {
    for (; next < 20; next++) await send(next);
    let isOver = false;
    const writing = (async () => {
      while (!isOver) await send(next++);
    })();
    const said = await run('backup', [file]);
    isOver = true;
    await writing;
    expect(said).toContain('keys are not in it');

    const { program, tables } = headOf(file);
    const rowsOf = (name: string) => tables.find((table) => table.name === name)?.rows;
    expect(rowsOf('participants')).toBe(program.people);
    expect(program.people).toBeGreaterThanOrEqual(OPENING + 20);
    // Of one moment: as many people came in by then as the ledger says of that revision.
    const [posted] = await asSuperuser<{ people: number; entries: number }>(
      `SELECT sum(enrolled)::int AS people, count(*)::int AS entries FROM entries WHERE revision <= ${program.revision}`,
    );
    expect(rowsOf('participants')).toBe(posted?.people);
    expect(rowsOf('entries')).toBe(posted?.entries);

    expect(readdirSync(other)).toEqual([path.basename(file)]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = gunzipSync(readFileSync(file)).toString();
    const secrets = JSON.parse(readFileSync(path.join(folder.dataDir, 'secrets.json'), 'utf8')) as {
      nikHashKey: string;
    };
    for (const secret of [madeUpNik(3), 'Orang Buatan', secrets.nikHashKey, key()])
      expect(text).not.toContain(secret);
    expect(text).not.toMatch(/^TABLE sessions$/m);
  });

  test('[OPS-4] never takes the place of another file', async () => {
    const before = readFileSync(file);
    expect(await failing('backup', [file])).toContain('not overwritten');
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

describe('a restore', () => {
  test('[OPS-5] under a server that runs: a new epoch, every screen follows within 10 s, downwards too, and the sums agree', async () => {
    const { program } = headOf(file);
    const late: Outcome[] = [];
    for (let index = 0; index < 15; index++) late.push(await send(next++));
    const screens = [followCity(product.url), followCity(product.url)];
    await until('the screens to be current', () =>
      screens.every(({ frames }) => frames.at(-1)?.revision === late.at(-1)?.revision),
    );
    const { epoch } = await cover();

    const said = await run('restore', [file, '--replace']);
    const restoredAt = performance.now();
    expect(said).toContain('sums agree');
    await until(
      'the screens to follow',
      () =>
        screens.every(
          ({ frames }) => frames.at(-1)?.epoch !== epoch && frames.at(-1)?.revision === program.revision,
        ),
      FOLLOWS_WITHIN_MS,
    );
    expect(performance.now() - restoredAt).toBeLessThan(FOLLOWS_WITHIN_MS);
    for (const { frames } of screens) {
      expect(frames.at(-1)?.whole.totals.enrolled).toBe(program.people);
      expect(frames.find((frame) => frame.epoch !== epoch)?.kind).toBe('SNAPSHOT');
    }
    await until('readiness', () => product.isReady());

    // Who was in it is known, by NIK and by key; who came later is not, and counts again.
    expect((await send(3)).__typename).toBe('EnrollPayload');
    const again = await sendEnroll(product.ask, { ...enrollInput(3), idempotencyKey: 'another' }, key());
    expect(again.code).toBe('DUPLICATE_ENROLLMENT');
    const back = await send(next - 1);
    expect(back.revision).toBe(program.revision + 1);
    await until('the screens', () =>
      screens.every(({ frames }) => frames.at(-1)?.revision === back.revision),
    );
    expect(screens[0]?.frames.at(-1)?.whole.totals.enrolled).toBe(program.people + 1);
    for (const screen of screens) await screen.dispose();
  });

  test('[OPS-6] is refused, with nothing changed, where something is there, the file is not whole, or the keys are others', async () => {
    const before = await cover();
    const text = gunzipSync(readFileSync(file)).toString();
    const write = (name: string, bytes: Buffer) => {
      const made = path.join(other, name);
      writeFileSync(made, bytes);
      return made;
    };
    const whole = readFileSync(file);
    const altered = text.replace(/^(TABLE entries\n1\t1\t1\t)/m, '$1').replace('\tTARGET\t', '\tENROLLED\t');
    expect(altered).not.toBe(text);
    const damaged = Buffer.from(whole);
    damaged.writeUInt8((damaged.readUInt8(damaged.length >> 1) + 1) % 256, damaged.length >> 1);

    expect(await failing('restore', [file])).toContain('--replace');
    for (const [made, why] of [
      [write('altered', gzipSync(altered)), 'checksum'],
      [write('cut', whole.subarray(0, whole.length - 1_000)), 'ends too early'],
      [write('damaged', damaged), 'damaged'],
      [write('foreign', gzipSync('{"format":"other"}\n')), 'no backup'],
      [path.join(other, 'missing'), 'no such file'],
      [other, 'no plain file'],
    ] as const)
      expect(await failing('restore', [made, '--replace'])).toContain(why);

    const empty = path.join(other, 'empty');
    expect(await failing('restore', [file], empty)).toContain('npm run keys -- import');
    expect(existsSync(path.join(empty, 'postgres'))).toBe(false);

    const secrets = JSON.parse(readFileSync(path.join(folder.dataDir, 'secrets.json'), 'utf8')) as {
      nikEncryptionKeys: Record<string, string>;
    };
    const foreign = randomBytes(32).toString('base64');
    for (const [name, change] of [
      ['finds otherwise', { nikHashKey: foreign }],
      ['opens otherwise', { nikEncryptionKeys: { ...secrets.nikEncryptionKeys, 1: foreign } }],
    ] as const) {
      const elsewhere = path.join(other, name);
      mkdirSync(elsewhere);
      writeFileSync(path.join(elsewhere, 'secrets.json'), JSON.stringify({ ...secrets, ...change }), {
        mode: 0o600,
      });
      const why = await failing('restore', [file], elsewhere);
      expect(why).toContain('holds other keys');
      expect(why).toContain('npm run keys -- import');
      expect(readdirSync(elsewhere)).toEqual(['secrets.json']);
    }

    expect(await cover()).toEqual(before);
    expect(await product.isReady()).toBe(true);
    const databases = await asSuperuser<{ name: string }>('SELECT datname AS name FROM pg_database');
    expect(databases.map(({ name }) => name)).not.toContain('kepling_restoring');
  });

  test('[OPS-7] on another machine: the keys from their page, then the backup, then everything is there', async () => {
    const page = path.join(other, 'keys.txt');
    const elsewhere = path.join(other, 'elsewhere');
    await run('keys', ['export', page]);
    expect(statSync(page).mode & 0o777).toBe(0o600);
    // As a person types it in again.
    writeFileSync(page, readFileSync(page, 'utf8').toLowerCase());
    await run('keys', ['import', page], elsewhere);
    expect(statSync(path.join(elsewhere, 'secrets.json')).mode & 0o777).toBe(0o600);
    await run('restore', [file], elsewhere);

    const { program } = headOf(file);
    const second = await startProduct(elsewhere);
    try {
      expect(second.said()).not.toContain('npm run keys -- export');
      const { data } = await second.ask<{ program: { city: { totals: { enrolled: number } } } }>(
        '{ program { city { totals { enrolled } } } }',
      );
      expect(data.program.city.totals.enrolled).toBe(program.people);
      const known = await sendEnroll(
        second.ask,
        { ...enrollInput(5), idempotencyKey: 'elsewhere' },
        second.key('bpjs'),
      );
      expect(known.code).toBe('DUPLICATE_ENROLLMENT');
    } finally {
      await second.stop();
    }
  });

  test('[OPS-8] the start says that the keys are on one disk alone, until these very keys were exported', async () => {
    const told = 'KEYS NOT SAVED YET';
    const restart = async () => {
      await product.stop();
      product = await startProduct(folder.dataDir);
    };
    expect(product.said()).toContain(told);
    await run('keys', ['export', path.join(other, 'page.txt')]);
    await restart();
    expect(product.said()).not.toContain(told);
    const { nikHashKey } = JSON.parse(readFileSync(path.join(folder.dataDir, 'secrets.json'), 'utf8')) as {
      nikHashKey: string;
    };
    const mark = path.join(folder.dataDir, 'keys-exported.json');
    expect(readFileSync(mark, 'utf8')).not.toContain(nikHashKey);

    // That other keys were exported from here once is no comfort.
    const exported = JSON.parse(readFileSync(mark, 'utf8')) as object;
    writeFileSync(mark, JSON.stringify({ ...exported, nikHash: '0'.repeat(16) }));
    await restart();
    expect(product.said()).toContain(told);
  });
});
