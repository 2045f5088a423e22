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
    const [ringing, hearing] = await Promise.all([database.open(clock), database.open()]);
    let heard = 0;
    hearing.doorbell.onRing(() => {
      heard += 1;
    });
    const wire = await listenOnTheWire(await database.admin());
    await until('both to be connected', () => {
      clock.advance(100);
      ringing.doorbell.ring();
      return wire.rings() > 0 && heard > 0;
    });
    clock.advance(1_000);
    await wire.quiet();

    const before = wire.rings();
    heard = 0;
    for (let i = 0; i < 50; i += 1) ringing.doorbell.ring();
    await wire.quiet();
    expect(wire.rings()).toBe(before + 1);
    clock.advance(100);
    await wire.quiet();
    expect(wire.rings()).toBe(before + 2);
    clock.advance(1_000);
    await wire.quiet();
    expect(wire.rings()).toBe(before + 2);
    await until('the other process to hear', () => heard >= 2);
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

/** Counts the rings of others. `quiet` waits until everything sent before has arrived, since rings keep their order. */
async function listenOnTheWire(client: pg.Client): Promise<{ rings(): number; quiet(): Promise<void> }> {
  let rings = 0;
  let marks = 0;
  const own = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  client.on('notification', ({ processId }) => {
    if (processId === own.rows[0]?.pid) marks += 1;
    else rings += 1;
  });
  await client.query('LISTEN kepling_look');
  return {
    rings: () => rings,
    async quiet() {
      // One turn, so that a NOTIFY which was just asked for is on its way before the mark.
      await new Promise((resolve) => setImmediate(resolve));
      const before = marks;
      await client.query('NOTIFY kepling_look');
      await until('the mark', () => marks > before);
    },
  };
}
