import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { heldClock } from '#test/support/held-clock.ts';
import { until } from '#test/support/wait.ts';

describe('the doorbell', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ clock: heldClock(), isQuiet: true });
  });
  afterAll(() => database.drop());

  test('[SET-25] rings in its own process before ring() returns, and past a listener that fails', () => {
    const { doorbell } = database.store;
    let heard = 0;
    const stopFailing = doorbell.onRing(() => {
      throw new Error('a listener of the test fails');
    });
    const stop = doorbell.onRing(() => {
      heard += 1;
    });
    doorbell.ring();
    expect(heard).toBe(1);
    stop();
    stopFailing();
    doorbell.ring();
    expect(heard).toBe(1);
  });

  test('[SET-26] rings other processes on the same database, once per beat however often it is rung', async () => {
    const clock = heldClock();
    const own = await createTestDatabase({ clock });
    let isConnected = false;
    own.store.doorbell.onRing(() => {
      isConnected = true;
    });
    const hearing = await own.open();
    let heard = 0;
    hearing.doorbell.onRing(() => {
      heard += 1;
    });
    const wire = await listenOnTheWire(await own.admin());
    await until('both to be connected', () => isConnected && heard > 0);

    heard = 0;
    for (let i = 0; i < 50; i += 1) own.store.doorbell.ring();
    await until('the ring of this beat', () => heard === 1);
    clock.advance(100);
    await until('the ring of the next beat', () => heard === 2);
    clock.advance(1_000);
    // Closed, it has sent whatever it had to send.
    await own.store.close();
    expect(await wire.rings()).toBe(2);
    await own.drop();
  });

  test('[SET-27] comes back by itself after its connection is lost, and rings once for what it may have missed', async () => {
    const clock = heldClock();
    const store = await database.open(clock);
    let heard = 0;
    store.doorbell.onRing(() => {
      heard += 1;
    });
    const admin = await database.admin();
    const lose = () =>
      admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'kepling doorbell' AND datname = current_database()`,
      );
    await until('a connection to lose', async () => (await lose()).rowCount);
    heard = 0;
    await until('a new connection, which looks at once', () => {
      clock.advance(1_000);
      return heard > 0;
    });
  });
});

/** Counts the rings of others. They keep their order: what was sent before a mark has arrived when the mark has. */
async function listenOnTheWire(client: pg.Client): Promise<{ rings(): Promise<number> }> {
  let rings = 0;
  let isMarked = false;
  const own = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  client.on('notification', ({ processId }) => {
    if (processId === own.rows[0]?.pid) isMarked = true;
    else rings += 1;
  });
  await client.query('LISTEN kepling_look');
  return {
    async rings() {
      await client.query('NOTIFY kepling_look');
      await until('the mark', () => isMarked);
      return rings;
    },
  };
}
