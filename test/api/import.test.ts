import { readdirSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApp, type TestApp } from '#test/support/app.ts';
import {
  csvOf,
  ENROLLMENT_HEADINGS,
  type ImportRow,
  importRow,
  lineOf,
  rightRows,
} from '#test/support/import-files.ts';
import { until } from '#test/support/wait.ts';

let app: TestApp;
let bpjs: string;

beforeAll(async () => {
  app = await openTestApp();
  bpjs = app.key('bpjs');
});
afterAll(() => app.close());

interface Told {
  readonly id: string;
  readonly state: string;
  readonly rows: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly revision: number | null;
  readonly percent: number;
  readonly report: readonly { line: number; field: string | null; reason: string }[];
  readonly reportUrl: string | null;
  readonly errors: readonly {
    message: string;
    extensions: { code: string; reason?: string; line?: number | null };
  }[];
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

async function send(
  body: BodyInit,
  headers: Record<string, string> = { 'content-type': 'text/csv' },
  key = bpjs,
): Promise<{ status: number; headers: Headers; told: Told }> {
  const response = await fetch(`${app.url}/imports`, {
    method: 'POST',
    headers: { ...bearer(key), ...headers },
    body,
  });
  return { status: response.status, headers: response.headers, told: (await response.json()) as Told };
}

const get = (address: string, key = bpjs) => fetch(`${app.url}${address}`, { headers: bearer(key) });

async function revision(): Promise<number> {
  const { rows } = await app.database.store.pool('reader').query('SELECT revision FROM ledger_heads');
  return rows[0].revision;
}

/** All of Medan is in this program: rows of its neighborhoods. */
const medan = (rows: readonly ImportRow[]) =>
  rows.map((row) => ({ ...row, kode_lingkungan: '12.71.14.1001-VII' }));
const uploads = () => path.join(app.dataDir, 'uploads');

describe('a file sent to the server', () => {
  test('[IMP-20] is taken in while its sender waits, and told in counts, lines and reasons', async () => {
    const rows = medan(rightRows(900));
    const file = csvOf([...rows, rows[0] as ImportRow, { ...(rows[1] as ImportRow), nik: '99' }]);
    const { status, headers, told } = await send(file);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(told).toMatchObject({
      state: 'DONE',
      rows: 902,
      accepted: 900,
      duplicate: 1,
      rejected: 1,
      percent: 100,
    });
    expect(told.revision).toBe(await revision());
    expect(told.report).toEqual([
      { line: 902, field: 'nik', reason: expect.stringContaining('sudah terdaftar') },
      { line: 903, field: 'nik', reason: 'NIK terdiri atas 16 angka. Periksa lagi pada KTP.' },
    ]);
    const { data } = await app.ask<{ area: { totals: { enrolled: number } } }>(
      `{ area(code: "12.71.14.1001-007") { totals(atLeast: ${told.revision}) { enrolled } } }`,
      {},
      bpjs,
    );
    expect(data.area.totals.enrolled).toBe(900);
  });

  test('[IMP-20] comes as a form too, and the same one again takes no revision', async () => {
    const form = new FormData();
    form.append('keterangan', 'kiriman pertama');
    form.append('file', new Blob([csvOf(medan(rightRows(700, 1_000)))]), 'peserta.csv');
    expect((await send(form, {})).told).toMatchObject({ rows: 700, accepted: 700 });
    const before = await revision();
    const again = await send(csvOf(medan(rightRows(700, 1_000))), {
      'content-type': 'application/vnd.ms-excel',
      'accept-language': 'en',
    });
    expect(again.told).toMatchObject({ rows: 700, accepted: 0, duplicate: 700, revision: null });
    expect(again.told.report[0]?.reason).toContain('enrolled already');
    expect(again.told.report).toHaveLength(700);
    expect(await revision()).toBe(before);
  });

  test.each<[string, string | Uint8Array<ArrayBuffer>, number, object]>([
    ['an empty file', '', 400, { reason: 'EMPTY' }],
    ['a workbook', Buffer.from('PK\x03\x04\x14\x00\x06\x00\x08\x00', 'latin1'), 400, { reason: 'EXCEL' }],
    ['NUL bytes', `${ENROLLMENT_HEADINGS.join()}\n\0\0\n`, 400, { reason: 'NOT_TEXT', line: 2 }],
    ['wrong headings', 'a,b,c\n1,2,3\n', 400, { reason: 'HEADINGS', line: 1 }],
    ['one line of 19 MB', 'x'.repeat(19_000_000), 400, { reason: 'LINE_TOO_LONG', line: 1 }],
    ['a line of 100 MB', 'x'.repeat(100_000_000), 413, { reason: 'TOO_LARGE' }],
    ['200,001 rows', csvOf([]) + 'a\n'.repeat(200_001), 413, { reason: 'TOO_MANY_ROWS' }],
  ])('[IMP-22] %s is refused in words, and changes nothing', async (_what, body, status, extensions) => {
    const before = await revision();
    const answer = await send(body);
    expect(answer.status).toBe(status);
    expect(answer.told.errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', ...extensions } });
    expect(answer.told.errors[0]?.message.length).toBeGreaterThan(20);
    expect(await revision()).toBe(before);
    await until('nothing to be left on the disk', () =>
      readdirSync(uploads()).every((name) => name.endsWith('.report')),
    );
  });

  test('[IMP-27] comes alone: of two files in one form neither is taken in', async () => {
    const before = await revision();
    const form = new FormData();
    form.append('a', new Blob([csvOf(medan(rightRows(3, 90_000)))]), 'a.csv');
    form.append('b', new Blob([csvOf(medan(rightRows(3, 91_000)))]), 'b.csv');
    const { status, told } = await send(form, { 'accept-language': 'en' });
    expect(status).toBe(400);
    expect(JSON.stringify(told)).toContain('more than one file');
    expect(await revision()).toBe(before);
  });

  test('[IMP-22] a form without a file, a form that breaks off and no body at all are refused in words', async () => {
    const empty = new FormData();
    empty.append('a', 'b');
    const answers = [
      await send(empty, {}),
      await send('--x\r\ncontent-disposition: form-data; name="f"; filename="a.csv"\r\n\r\nnik', {
        'content-type': 'multipart/form-data; boundary=x',
      }),
      await send('nothing', { 'content-type': 'multipart/form-data' }),
    ];
    for (const { status, told } of answers) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(told.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
    const bare = await fetch(`${app.url}/imports`, { method: 'POST', headers: bearer(bpjs) });
    expect(bare.status).toBe(400);
  });

  test('[IMP-21] without an account there is 401, with another role 403, and nothing is taken in', async () => {
    const before = await revision();
    const file = csvOf(medan(rightRows(3, 5_000)));
    expect((await fetch(`${app.url}/imports`, { method: 'POST', body: file })).status).toBe(401);
    expect((await send(file, {}, 'kp_wrong')).status).toBe(401);
    for (const role of [
      'admin',
      'leadership',
      'director',
      'governance',
      'district',
      'village',
      'neighborhood',
      'screen',
    ]) {
      const { status, told } = await send(file, { 'content-type': 'text/csv' }, app.key(role));
      expect([status, told.errors[0]?.extensions.code]).toEqual([403, 'FORBIDDEN']);
    }
    expect(await revision()).toBe(before);
  });

  test('[IMP-23] its report is for whoever sent it, and to everyone else there is none', async () => {
    const person = importRow(6_000, {
      kode_lingkungan: '12.71.99.1001-001',
      nama: 'Nama Kenari',
      no_hp: '=1+1',
    });
    const { told } = await send(csvOf([person]));
    const report = await get(told.reportUrl as string);
    expect(report.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(report.headers.get('content-disposition')).toBe('attachment; filename="laporan-impor.csv"');
    const text = await report.text();
    expect(text).toContain('Nama Kenari');
    expect(text).toContain(`"'=1+1"`);

    const {
      rows: [other],
    } = await app.database.store
      .pool('app')
      .query(`UPDATE principals SET role = 'BPJS' WHERE username = 'governance' RETURNING id`);
    expect(other).toBeTruthy();
    await app.database.store
      .pool('app')
      .query(`UPDATE versions SET version = version + 1 WHERE topic = 'grants'`);
    const stranger = app.key('governance');
    await until(
      'the grant to be known',
      async () => (await get(`/imports/${told.id}`, stranger)).status === 404,
    );
    const missing = await (await get(`/imports/${'x'.repeat(32)}`, stranger)).text();
    for (const address of [`/imports/${told.id}`, `/imports/${told.id}/report.csv`]) {
      const answer = await get(address, stranger);
      expect([answer.status, await answer.text()]).toEqual([404, missing]);
    }
  });

  test('[IMP-23] nothing of it can be read on the disk, and no log line names anyone in it', async () => {
    const { told } = await send(
      csvOf([importRow(6_100, { kode_lingkungan: '12.71.99.1001-001', nama: 'Nama Kenari' })]),
    );
    expect(told.rejected).toBe(1);
    const names = readdirSync(uploads());
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      expect(name).toMatch(/^[\w-]{32}\.report$/);
      const file = path.join(uploads(), name);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file, 'latin1')).not.toMatch(/Kenari|kode_lingkungan|\d{16}/);
    }
    expect(app.logged.join('\n')).not.toMatch(/Kenari|\d{16}/);
  });

  test('[IMP-24] who does not want to wait is told where to ask how far it is', async () => {
    const { status, headers, told } = await send(csvOf(medan(rightRows(3_000, 10_000))), {
      'content-type': 'text/csv',
      prefer: 'respond-async',
    });
    expect(status).toBe(202);
    const address = headers.get('location') as string;
    expect(address).toBe(`/imports/${told.id}`);
    const seen: number[] = [];
    const last = await until('the import to end', async () => {
      const now = (await (await get(address)).json()) as Told;
      seen.push(now.rows);
      return now.state === 'DONE' && now;
    });
    expect(last).toMatchObject({ rows: 3_000, accepted: 3_000, percent: 100, reportUrl: null });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect((await get(`${address}/report.csv`)).status).toBe(404);
  });

  test('[IMP-25] a sender who breaks off leaves nothing behind', async () => {
    const before = await revision();
    const request = http.request(`${app.url}/imports`, {
      method: 'POST',
      headers: { ...bearer(bpjs), 'content-type': 'text/csv' },
    });
    request.on('error', () => undefined);
    request.write(
      `${ENROLLMENT_HEADINGS.join()}\n${medan(rightRows(500, 20_000))
        .map((row) => lineOf(row))
        .join('\n')}\n`,
    );
    const files = () => readdirSync(uploads()).filter((name) => name.endsWith('.upload'));
    await until('the file to be under way', () => files().length === 1);
    request.destroy();
    await until('the file to be gone', () => files().length === 0);
    expect(await revision()).toBe(before);
    expect(app.logged.join('\n')).not.toContain('a request failed');
  });

  test('[IMP-26] more files at once than four are told to come back', async () => {
    const requests = Array.from({ length: 4 }, () => {
      const request = http.request(`${app.url}/imports`, {
        method: 'POST',
        headers: { ...bearer(bpjs), 'content-type': 'text/csv' },
      });
      request.on('error', () => undefined);
      request.write('nik');
      return request;
    });
    const files = () => readdirSync(uploads()).filter((name) => name.endsWith('.upload'));
    await until('four files to be under way', () => files().length === 4);
    const { status, told } = await send('nik');
    expect([status, told.errors[0]?.extensions.code]).toEqual([429, 'RATE_LIMITED']);
    for (const request of requests) request.destroy();
    await until('all to be gone', () => files().length === 0);
    expect((await send(csvOf(medan(rightRows(1, 30_000))))).told.accepted).toBe(1);
  });
});
