import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { findPostmaster, PORT } from '#server/store/postmaster.ts';
import { launchBrowser } from '#test/support/browser.ts';
import { enrollInput, sendEnroll } from '#test/support/enroll.ts';
import { csvOf, importRow } from '#test/support/import-files.ts';
import { type Product, runCommandLine, startProduct } from '#test/support/product.ts';
import { until } from '#test/support/wait.ts';

let browser: Browser;
let folder: string;
let dataDir: string;
let product: Product;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'kepling-live-program-'));
  dataDir = path.join(folder, 'data');
  const settings = { PROGRAM_MODE: 'live' };
  [browser, product] = await Promise.all([launchBrowser(), startProduct(dataDir, { settings })]);
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const account = (...args: string[]) => runCommandLine(dataDir, 'account', args);
const failing = (...args: string[]) =>
  account(...args).then(
    (said) => `it did not fail: ${said}`,
    (error: { stderr: string }) => error.stderr,
  );
const passwordIn = (said: string) => / password {2}(\S+)/.exec(said)?.[1] ?? '';
const keyIn = (said: string) => / key +(kp_\S+)/.exec(said)?.[1] ?? '';
/** Of nobody: there is no province 00, and 99 is for made-up people, whom a live program does not take. */
const person = (number: number) => {
  const input = enrollInput(number) as { nik: string };
  return { ...input, nik: input.nik.replace(/^99/, '00') };
};
const signIn = async (username: string, password: string) =>
  fetch(`${product.url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
const whoHas = async (key: string) =>
  (await product.ask<{ viewer: { role: string } } | null>('{ viewer { role } }', {}, key)).data?.viewer.role;

async function cityNow(): Promise<{ enrolled: number; pending: number }> {
  const { data } = await product.ask<{
    program: { city: { totals: { enrolled: number; pending: number } } };
  }>('{ program { city { totals { enrolled pending } } } }');
  return data.program.city.totals;
}

async function auditOf(subject: string): Promise<readonly string[]> {
  const running = findPostmaster(path.join(dataDir, 'postgres'));
  const admin = new pg.Client({
    host: running?.socketFolder,
    port: PORT,
    user: 'postgres',
    database: 'kepling',
  });
  await admin.connect();
  const { rows } = await admin.query<{ action: string }>(
    'SELECT action FROM audit_log WHERE subject = $1 ORDER BY sequence',
    [subject],
  );
  await admin.end();
  return rows.map(({ action }) => action);
}

describe('a live program', () => {
  test('[OPS-17] from an empty folder: no account, the first one, an enrollment, and the board shows it', async () => {
    expect(product.said()).toContain('NO ACCOUNT YET: npm run account -- add');
    expect(await account('list')).toContain('there is no account yet');
    const page = await browser.newPage({ viewport: { width: 1024, height: 576 } });
    await page.goto(`${product.url}/board`);
    await expect.poll(() => page.getAttribute('[data-total]', 'data-total')).toBe('0');
    expect(await page.getAttribute('[data-epoch]', 'data-mode')).toBe('live');
    expect(await page.evaluate(() => document.body.innerText)).not.toContain('DATA SIMULASI');

    const admin = await account('add', 'siti.admin', 'ADMIN');
    const bpjs = await account('add', 'kantor.bpjs', 'bpjs', '--only', 'key');
    expect(passwordIn(bpjs)).toBe('');
    const handedOn = { 'x-forwarded-for': '203.0.113.9', authorization: `Bearer ${keyIn(admin)}` };
    expect((await fetch(`${product.url}/metrics`, { headers: handedOn })).status).toBe(200);
    expect((await signIn('siti.admin', passwordIn(admin))).status).toBe(200);

    expect(await sendEnroll(product.ask, enrollInput(1), keyIn(bpjs))).toMatchObject({ code: 'INVALID_NIK' });
    expect(await sendEnroll(product.ask, person(1), keyIn(bpjs))).toMatchObject({
      __typename: 'EnrollPayload',
      enrollment: { status: 'ENROLLED' },
    });
    await expect.poll(() => page.getAttribute('[data-total]', 'data-total')).toBe('1');
    await page.close();
  });

  test('[IMP-33] a file by the command waits and says so, in a trial too; the same file by an account that may verify counts', async () => {
    const rows = [50, 51, 52].map((number) =>
      importRow(number, { nik: (person(number) as { nik: string }).nik }),
    );
    const file = path.join(folder, 'peserta.csv');
    const enrolled = async () => (await cityNow()).enrolled;
    const before = await enrolled();
    const bpjs = keyIn(await account('add', 'berkas.bpjs', 'BPJS', '--only', 'key'));
    writeFileSync(file, csvOf(rows.slice(0, 2)));
    const counted = await fetch(`${product.url}/imports`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', authorization: `Bearer ${bpjs}` },
      body: readFileSync(file),
    });
    expect(await counted.json()).toMatchObject({ accepted: 2 });
    await until('them to be counted', async () => (await enrolled()) === before + 2);
    writeFileSync(file, csvOf(rows));
    const take = (...args: string[]) =>
      runCommandLine(dataDir, 'import', [file, ...args], { PROGRAM_MODE: 'live' });
    for (const said of [await take('--dry-run'), await take()]) {
      expect(said).toContain('3 rows: 1 accepted, 2 duplicate, 0 rejected');
      expect(said).toMatch(
        /BELUM TERHITUNG · NOT COUNTED: 1 orang .*verifikasi.* people (would )?wait for verification/,
      );
      expect(said).toContain('/imports -H "authorization: Bearer');
    }
    await until('the one to wait', async () => (await cityNow()).pending === 1);
    expect(await enrolled()).toBe(before + 2);
    expect(await take()).not.toContain('NOT COUNTED');
  });

  test('[OPS-18] [OPS-22] secrets are printed once and kept nowhere in plain, renewed ones end the old, revoked ones end at once', async () => {
    const first = await account('add', 'camat.tembung', 'DISTRICT', '12.71.14');
    expect(await whoHas(keyIn(first))).toBe('DISTRICT');
    const cookie = (await signIn('camat.tembung', passwordIn(first))).headers.getSetCookie()[0] ?? '';
    const second = await account('renew', 'camat.tembung');
    await until('the old key to end', async () => (await whoHas(keyIn(first))) === undefined);
    expect((await signIn('camat.tembung', passwordIn(first))).status).toBe(401);
    expect((await fetch(`${product.url}/session`, { headers: { cookie } })).status).toBe(401);
    expect(await whoHas(keyIn(second))).toBe('DISTRICT');
    expect((await signIn('camat.tembung', passwordIn(second))).status).toBe(200);

    const socket = new WebSocket(`${product.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    let closed = 0;
    socket.once('close', (code) => {
      closed = code;
    });
    await new Promise((resolve) => socket.once('open', resolve));
    const acknowledged = new Promise((resolve) => socket.once('message', resolve));
    const payload = { authorization: `Bearer ${keyIn(second)}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    await acknowledged;
    expect(await account('revoke', 'camat.tembung')).toContain('revoked');
    await until('the open socket to be cut', () => closed === 4403);
    expect(await whoHas(keyIn(second))).toBeUndefined();
    expect((await signIn('camat.tembung', passwordIn(second))).status).toBe(401);
    const list = await account('list');
    expect(list).toMatch(/camat\.tembung +DISTRICT +12\.71\.14 +.*revoked/);

    expect(await auditOf('camat.tembung')).toEqual(['account-add', 'account-renew', 'account-revoke']);

    const secrets = [first, second].flatMap((said) => [passwordIn(said), keyIn(said)]);
    for (const secret of secrets) expect(secret.length).toBeGreaterThan(12);
    const told = [product.said(), list, ...filesOf(dataDir)];
    for (const secret of secrets) for (const text of told) expect(text.includes(secret)).toBe(false);
  });

  test('[OPS-21] in a folder that is not the server’s a command says which it is, and leaves nothing behind', async () => {
    const wrong = path.join(folder, 'wrong');
    const before = readdirSync(folder);
    for (const [command, args] of [
      ['account', ['list']],
      ['check-sums', []],
      ['backup', [path.join(folder, 'none.backup')]],
    ] as const) {
      const told = await runCommandLine(wrong, command, args).catch(
        (error: { stderr: string }) => error.stderr,
      );
      expect(told, command).toContain(`DATA_DIR=${wrong}: `);
      expect(told, command).toContain('there is no program yet');
    }
    expect(readdirSync(folder)).toEqual(before);
  });

  test('[OPS-19] the command says what to do where it cannot do what was asked, and changes nothing', async () => {
    const before = await account('list');
    const wrong: readonly (readonly [string, readonly string[]])[] = [
      ['npm run account -- add NAME ROLE', ['grow', 'budi.santoso']],
      ['npm run account -- renew siti.admin', ['add', 'siti.admin', 'ADMIN']],
      ['npm run account -- list', ['revoke', 'system']],
    ];
    for (const [advice, args] of wrong) expect(await failing(...args), args.join(' ')).toContain(advice);
    expect(await account('list')).toBe(before);
  });
});

/** Every file below a folder, as text: the database's own among them. */
function filesOf(below: string): string[] {
  return readdirSync(below, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(below, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
    .map((file) => readFileSync(file, 'latin1'));
}
