import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAlive } from '#server/store/is-alive.ts';
import type { Product } from '#test/support/product.ts';
import { until } from '#test/support/wait.ts';
import { type OwnPostgres, startOwnPostgres } from './own-postgres.ts';
import { type Servers, startServers } from './servers.ts';

let postgres: OwnPostgres;
let servers: Servers | undefined;
beforeAll(async () => {
  postgres = await startOwnPostgres();
});
afterAll(async () => {
  await servers?.end();
  await postgres?.end();
});

test('[FLT-3] PostgreSQL stopped while a server that has just started closes the days it missed: the server stays the process it was', async () => {
  const admin = await postgres.admin();
  // What is kept of a closed day waits for this, so that the stop finds it half done.
  await admin.query('BEGIN; LOCK TABLE closings IN EXCLUSIVE MODE');
  servers = await startServers(postgres);
  const server = servers.all[0] as Product;
  await until('the day to be in the middle of its closing', async () => {
    const { rowCount } = await admin.query(
      `SELECT FROM pg_locks WHERE NOT granted AND locktype = 'relation'`,
    );
    return rowCount === 1;
  });
  await postgres.stopImmediately();
  await until('the server to have seen it', async () => !(await server.isReady()));
  await postgres.start();
  await until('the server to be ready again', server.isReady);
  expect(isAlive(server.pid), server.said()).toBe(true);
});
