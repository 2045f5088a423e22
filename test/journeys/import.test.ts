import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { csvOf, type ImportRow, importRow } from '#test/support/import-files.ts';
import { copyOfDemonstration } from '#test/support/loaded-demonstration.ts';
import { type Product, startProduct } from '#test/support/product.ts';
import { runImport, startImport } from '#test/support/run-import.ts';
import { until } from '#test/support/wait.ts';

const OPENED_AT = 37_058;

let folder: ReturnType<typeof copyOfDemonstration>;
let desk: string;
let product: Product;

beforeAll(async () => {
  folder = copyOfDemonstration(inject('loadedDemonstration'));
  desk = mkdtempSync(path.join(os.tmpdir(), 'kepling-desk-'));
  product = await startProduct(folder.dataDir);
});
afterAll(async () => {
  await product?.stop();
  folder?.remove();
  rmSync(desk, { recursive: true, force: true });
});

async function city(): Promise<{ enrolled: number; revision: number }> {
  const { data } = await product.ask<{
    program: { city: { totals: { enrolled: number; revision: number } } };
  }>('{ program { city { totals { enrolled revision } } } }');
  return data.program.city.totals;
}

function medanRows(count: number, first: number): readonly ImportRow[] {
  return Array.from({ length: count }, (_, index) =>
    importRow(first + index, {
      kode_lingkungan: `12.71.14.1001-${String(1 + (index % 5)).padStart(3, '0')}`,
    }),
  );
}

function put(name: string, rows: readonly ImportRow[]): string {
  const file = path.join(desk, name);
  writeFileSync(file, csvOf(rows));
  return file;
}

test('[IMP-30] the command works beside a running server, ends with its counts, and reports for this user alone', async () => {
  const rows = medanRows(1_200, 0);
  const file = put('peserta.csv', [
    ...rows,
    rows[0] as ImportRow,
    { ...(rows[1] as ImportRow), nik: '1.27101E+15' },
  ]);
  const before = await city();
  const trial = await runImport(folder.dataDir, file, '--dry-run');
  expect([trial.code, trial.lastLine]).toEqual([0, '1202 rows: 1200 accepted, 1 duplicate, 1 rejected']);
  expect(await city()).toEqual(before);

  const ended = await runImport(folder.dataDir, file);
  expect([ended.code, ended.lastLine]).toEqual([0, '1202 rows: 1200 accepted, 1 duplicate, 1 rejected']);
  expect(ended.stdout).toMatch(/1202 baris · rows, \d+\/s, 100%/);
  await until('the server to show them', async () => (await city()).enrolled === OPENED_AT + 1_200);
  expect((await city()).revision).toBe(before.revision + 3);
  const report = `${file}.report.csv`;
  expect(statSync(report).mode & 0o777).toBe(0o600);
  expect(readFileSync(report, 'utf8').trimEnd().split('\r\n')).toHaveLength(3);
});

test('[IMP-31] killed in the middle and run again, it takes in exactly the rest, and a third time nothing', async () => {
  const total = 20_000;
  const file = put('banyak.csv', medanRows(total, 5_000));
  const before = await city();
  const first = startImport(folder.dataDir, file);
  await until(
    'some of them to be counted',
    async () => (await city()).enrolled >= before.enrolled + 2_000,
    30_000,
  );
  first.kill();
  expect((await first.ended).code).toBeNull();
  const again = await runImport(folder.dataDir, file);
  const accepted = Number(/(\d+) accepted/.exec(again.lastLine)?.[1]);
  expect(accepted).toBeGreaterThan(0);
  expect(accepted).toBeLessThanOrEqual(total - 2_000);
  expect(again.lastLine).toBe(
    `${total} rows: ${accepted} accepted, ${total - accepted} duplicate, 0 rejected`,
  );
  await until('everyone to be counted', async () => (await city()).enrolled === before.enrolled + total);
  const { revision } = await city();
  expect((await runImport(folder.dataDir, file)).lastLine).toBe(
    `${total} rows: 0 accepted, ${total} duplicate, 0 rejected`,
  );
  expect((await city()).revision).toBe(revision);
});

test('[IMP-32] a file that cannot be read ends the command with 1, in both languages, and changes nothing', async () => {
  const before = await city();
  const file = path.join(desk, 'salah.csv');
  const wrong: readonly [string | null, RegExp][] = [
    [null, /tidak ditemukan[\s\S]*no such file/],
    ['', /kosong[\s\S]*empty/],
    ['a;b\n1;2\n', /Baris 1: judul[\s\S]*Line 1: headings/],
  ];
  for (const [content, words] of wrong) {
    if (content !== null) writeFileSync(file, content);
    const ended = await runImport(folder.dataDir, file);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(words);
    expect(() => statSync(`${file}.report.csv`)).toThrow();
  }
  expect((await runImport(folder.dataDir)).code).toBe(1);
  expect(await city()).toEqual(before);
});
