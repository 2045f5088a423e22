import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '#server/base/clock.ts';
import { createLog } from '#server/base/log.ts';
import { AlreadyRunning, askHolder, claimDataDir } from '#server/store/claim.ts';
import { openStore } from '#server/store/store.ts';
import { temporaryFolder } from '#test/support/folder.ts';
import { runStoreProgram, usedDataDir } from '#test/support/run-store-program.ts';

interface Tool {
  runningServer(dataDir: string): Promise<{ pid: number; port: number | null } | undefined>;
}
const { runningServer } = (await import(
  path.resolve(import.meta.dirname, '../../tools/running-server.mjs')
)) as Tool;

describe('one server per DATA_DIR', () => {
  test('[SET-7] a second start is refused within two seconds, naming process id and port', async () => {
    const dataDir = await usedDataDir();
    const first = await runStoreProgram(dataDir);
    const startedAtMs = performance.now();
    const refusal = await claimDataDir(dataDir).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AlreadyRunning);
    expect(refusal).toMatchObject({ pid: first.first.pid, port: 4321 });
    expect((refusal as Error).message).toContain(`process ${first.first.pid} (port 4321)`);
    expect(performance.now() - startedAtMs).toBeLessThan(2_000);
  });

  test('[SET-7] the start script, which runs before anything is installed, sees the same server', async () => {
    const dataDir = await usedDataDir();
    expect(await runningServer(dataDir)).toBeUndefined();
    const first = await runStoreProgram(dataDir);
    expect(await runningServer(dataDir)).toEqual({ pid: first.first.pid, port: 4321 });
    await first.end('SIGKILL');
    expect(await runningServer(dataDir)).toBeUndefined();
  });

  test('[SET-8] what a killed server left of its claim does not stop the next start', async () => {
    const dataDir = await usedDataDir();
    const killed = await runStoreProgram(dataDir);
    await killed.end('SIGKILL');
    expect(statSync(path.join(dataDir, 'run/control.sock')).isSocket()).toBe(true);
    const next = await runStoreProgram(dataDir);
    expect(next.first.ready).toBe(true);
  });

  test('[SET-8] a control socket that answers nonsense counts as nobody', async () => {
    const dataDir = temporaryFolder();
    mkdirSync(path.join(dataDir, 'run'));
    writeFileSync(path.join(dataDir, 'run/control.sock'), 'a file');
    expect(await askHolder(path.join(dataDir, 'run/control.sock'))).toBeUndefined();
    const claim = await claimDataDir(dataDir);
    await claim.release();
  });

  test('[SET-9] of two starts that both found nobody, the database lets in one and names it to the other', async () => {
    const dataDir = await usedDataDir();
    const first = await runStoreProgram(dataDir);
    // What the loser of the race sees: its own claim went through, since the other was not yet there.
    const store = await openStore({ dataDir }, createLog({ level: 'silent' }), systemClock);
    const elsewhere = await claimDataDir(temporaryFolder());
    const refusal = await elsewhere.holdDatabase(store).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'AlreadyRunning', pid: first.first.pid });
    await elsewhere.release();
    await store.close();
  });

  test('[SET-9] a killed holder is waited for, not believed', async () => {
    const dataDir = await usedDataDir();
    const killed = await runStoreProgram(dataDir);
    await killed.end('SIGKILL');
    const store = await openStore({ dataDir }, createLog({ level: 'silent' }), systemClock);
    const claim = await claimDataDir(dataDir);
    await claim.holdDatabase(store);
    await store.close();
    await claim.release();
  });
});
