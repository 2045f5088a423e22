import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { findPostmaster } from '#server/store/postmaster.ts';
import { temporaryFolder } from '#test/support/folder.ts';
import { runStoreProgram, usedDataDir } from '#test/support/run-store-program.ts';

describe('a server that was killed', () => {
  test('[SET-1] leaves its database running, and the next start takes it over with everything committed', async () => {
    const dataDir = await usedDataDir();
    const killed = await runStoreProgram(dataDir);
    await killed.commit('first');
    await killed.commit('second');
    const left = findPostmaster(path.join(dataDir, 'postgres'));
    await killed.end('SIGKILL');

    const next = await runStoreProgram(dataDir);
    expect(next.first.topics?.toSorted()).toEqual(['first', 'second']);
    expect(findPostmaster(path.join(dataDir, 'postgres'))?.pid).toBe(left?.pid);
  });

  test('[SET-1] together with its database loses nothing committed', async () => {
    const dataDir = await usedDataDir();
    const killed = await runStoreProgram(dataDir);
    await killed.commit('before the power cut');
    const left = findPostmaster(path.join(dataDir, 'postgres'));
    process.kill(left?.pid as number, 'SIGKILL');
    await killed.end('SIGKILL');

    const next = await runStoreProgram(dataDir);
    expect(next.first.topics).toEqual(['before the power cut']);
  });

  test('[SET-2] leaves a lock file whose process id may be a stranger, which does not stop the next start', async () => {
    const dataDir = await usedDataDir();
    const first = await runStoreProgram(dataDir);
    await first.commit('kept');
    await first.end('SIGTERM');
    // What a power cut leaves; this very process now has the id in it.
    const lockFile = path.join(dataDir, 'postgres/postmaster.pid');
    writeFileSync(
      lockFile,
      `${process.pid}\n${dataDir}/postgres\n1700000000\n5432\n${dataDir}/run\n\n\nready\n`,
    );

    const next = await runStoreProgram(dataDir);
    expect(next.first.topics).toEqual(['kept']);
  });

  test('[SET-3] was killed while it made the database: the next start makes it', async () => {
    const dataDir = temporaryFolder();
    const leftover = path.join(dataDir, 'postgres.making-4194304');
    mkdirSync(leftover);
    writeFileSync(path.join(leftover, 'PG_VERSION'), '18');

    const next = await runStoreProgram(dataDir);
    expect(next.first.ready).toBe(true);
    expect(existsSync(leftover)).toBe(false);
  });
});

describe('a server that ends in order', () => {
  test('[SET-4] ends its database too, and leaves no claim', async () => {
    const dataDir = await usedDataDir();
    const server = await runStoreProgram(dataDir);
    await server.end('SIGTERM');
    expect(findPostmaster(path.join(dataDir, 'postgres'))).toBeUndefined();
    expect(existsSync(path.join(dataDir, 'server.json'))).toBe(false);
  });

  test('[SET-4] leaves the database to another program that uses it', async () => {
    const dataDir = await usedDataDir();
    const server = await runStoreProgram(dataDir);
    const other = await runStoreProgram(dataDir, { isBesideServer: true });
    await server.end('SIGTERM');
    await other.commit('still here');
    await other.end('SIGTERM');
    expect(findPostmaster(path.join(dataDir, 'postgres'))).toBeUndefined();
  });
});

describe('where a server can start', () => {
  test('[SET-5] below a DATA_DIR too deep for a socket: in a short folder of its own, noted beside the data', async () => {
    const dataDir = path.join(temporaryFolder(), 'd'.repeat(100));
    const server = await runStoreProgram(dataDir);
    const sockets = readFileSync(path.join(dataDir, 'run-folder.txt'), 'utf8').trim();
    expect(Buffer.byteLength(sockets)).toBeLessThan(60);
    expect(statSync(sockets).mode & 0o777).toBe(0o700);
    await server.end('SIGTERM');

    // A cleaner of the temp directory may take it away between two starts.
    rmSync(sockets, { recursive: true });
    const next = await runStoreProgram(dataDir);
    expect(next.first.ready).toBe(true);
    rmSync(readFileSync(path.join(dataDir, 'run-folder.txt'), 'utf8').trim(), {
      recursive: true,
      force: true,
    });
  });

  test('[SET-40] as an ordinary user, on a folder of its own', async () => {
    const dataDir = temporaryFolder();
    const user = ordinaryUser();
    if (user) chownSync(dataDir, user.uid, user.gid);
    const server = await runStoreProgram(dataDir, user ? { identity: user } : {});
    await server.commit('without any privilege');
    expect(statSync(path.join(dataDir, 'postgres')).uid).toBe(user?.uid ?? process.getuid?.());
  });

  test('[SET-40] as root where user namespaces are forbidden: the database runs as another user', async () => {
    const dataDir = temporaryFolder();
    const server = await runStoreProgram(dataDir, { searchPath: '/nonexistent' });
    await server.commit('with nothing of the machine on the path');
    expect(statSync(path.join(dataDir, 'postgres')).uid).not.toBe(0);
  });

  test('[SET-41] not on a folder it may not work in: one line says so', async () => {
    const dataDir = path.join(temporaryFolder(), 'file');
    writeFileSync(dataDir, '');
    const server = await runStoreProgram(dataDir);
    expect(server.first.refused).toBe(
      `DATA_DIR ${dataDir} cannot be used: it is a file; set DATA_DIR to another folder`,
    );
  });

  test('[SET-6] lets in nobody else: data and sockets are its own', async () => {
    const dataDir = path.join(temporaryFolder(), 'data');
    await runStoreProgram(dataDir);
    for (const folder of ['.', 'postgres', 'run'])
      expect(statSync(path.join(dataDir, folder)).mode & 0o077).toBe(0);
  });
});

/** Somebody without privileges who can read this project: `nobody` when the tests run as root, else whoever runs them. */
function ordinaryUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const nobody = { uid: 65_534, gid: 65_534 };
  const tried = spawnSync(process.execPath, ['--import', 'tsx/esm', '-e', '0'], {
    ...nobody,
    cwd: import.meta.dirname,
  });
  return tried.status === 0 ? nobody : undefined;
}
