import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readAreaTree } from '#server/domain/areas/read-area-tree.ts';
import { csvOf, importRow } from '#test/support/import-files.ts';
import { type Product, startProduct } from '#test/support/product.ts';
import { type Ended, runImport, startImport, watchMemory } from '#test/support/run-import.ts';
import { until } from '#test/support/wait.ts';

const ROWS = 50_025;
const KILLED_AFTER = 20_000;

/**
 * Intake by file beside a running server: 50,025 made-up people by the command, the same file again, another one
 * killed in the middle and run again, and one sent to the server. Memory is the resident set, sampled.
 */
export async function bench(): Promise<void> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'kepling-bench-'));
  // Loaded by one process, measured on another: an ordinary day's server has loaded nothing.
  await (await startProduct(dataDir)).stop();
  const product = await startProduct(dataDir);
  try {
    const file = makeFile(dataDir, 'first.csv', 0);
    await measure(product, 'first time', () => startImport(dataDir, file));
    await measure(product, 'same file again', () => startImport(dataDir, file));
    await killAndRunAgain(product, makeFile(dataDir, 'second.csv', ROWS));
    await post(product, makeFile(dataDir, 'third.csv', 2 * ROWS));
  } finally {
    await product.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measure(
  product: Product,
  what: string,
  start: () => { readonly pid: number; readonly ended: Promise<Ended> },
): Promise<void> {
  const before = await readCity(product);
  const server = watchMemory(product.pid);
  const startedAt = performance.now();
  const command = start();
  const own = watchMemory(command.pid);
  const { lastLine } = await command.ended;
  const seconds = (performance.now() - startedAt) / 1_000;
  const ownMb = own.stop();
  await settled(product, before.enrolled, lastLine);
  const after = await readCity(product);
  say(`${what}: ${lastLine}`);
  say(
    `  ${seconds.toFixed(1)} s; revisions taken ${after.revision - before.revision}; command ${ownMb} MB; ${rise(server)}`,
  );
}

async function killAndRunAgain(product: Product, file: string): Promise<void> {
  const before = await readCity(product);
  const first = startImport(product.dataDir, file);
  await until(
    `${KILLED_AFTER} rows`,
    async () => (await readCity(product)).enrolled >= before.enrolled + KILLED_AFTER,
    60_000,
  );
  first.kill();
  await first.ended;
  const { lastLine } = await runImport(product.dataDir, file);
  await until('all rows', async () => (await readCity(product)).enrolled >= before.enrolled + ROWS);
  say(`killed after ${KILLED_AFTER} rows, run again: ${lastLine}`);
  say(`  people counted by both runs: ${(await readCity(product)).enrolled - before.enrolled}`);
}

async function post(product: Product, file: string): Promise<void> {
  const before = await readCity(product);
  const server = watchMemory(product.pid);
  const startedAt = performance.now();
  const response = await fetch(`${product.url}/imports`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${product.key('bpjs')}` },
    body: readFileSync(file),
  });
  const { rows, accepted, revision } = (await response.json()) as Record<string, number>;
  const seconds = (performance.now() - startedAt) / 1_000;
  await settled(product, before.enrolled, `${accepted} accepted`);
  say(`POST /imports: ${response.status}, ${rows} rows, ${accepted} accepted, revision ${revision}`);
  say(`  ${seconds.toFixed(1)} s; ${rise(server)}`);
}

/** Waits until the server shows everyone who was accepted. */
async function settled(product: Product, enrolledBefore: number, told: string): Promise<void> {
  const accepted = Number(/(\d+) accepted/.exec(told)?.[1]);
  await until(
    'the server to show them',
    async () => (await readCity(product)).enrolled >= enrolledBefore + accepted,
  );
}

async function readCity(product: Product): Promise<{ enrolled: number; revision: number }> {
  const { data } = await product.ask<{
    program: { city: { totals: { enrolled: number; revision: number } } };
  }>('{ program { city { totals { enrolled revision } } } }');
  return data.program.city.totals;
}

function makeFile(folder: string, name: string, first: number): string {
  const codes = readAreaTree()
    .filter((area) => area.level === 'NEIGHBORHOOD')
    .map((area) => area.code);
  const rows = Array.from({ length: ROWS }, (_, index) =>
    importRow(first + index, { kode_lingkungan: codes[index % codes.length] as string }),
  );
  const file = path.join(folder, name);
  writeFileSync(file, csvOf(rows));
  return file;
}

function rise(server: ReturnType<typeof watchMemory>): string {
  const mostMb = server.stop();
  return `server ${server.firstMb} MB, at most ${mostMb} MB (+${mostMb - server.firstMb})`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
