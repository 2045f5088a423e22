import type pg from 'pg';
import { onTestFinished } from 'vitest';
import { until } from '#test/support/wait.ts';

/** Holds the ledger's lock from outside, so that what is submitted meanwhile has to queue. Let go with the test. */
export async function holdLock(admin: pg.Client): Promise<() => Promise<void>> {
  await admin.query('SELECT pg_advisory_lock(20250514, 1)');
  const release = async () => void (await admin.query('SELECT pg_advisory_unlock_all()'));
  onTestFinished(release);
  return release;
}

export async function untilWaiting(admin: pg.Client, writers: number): Promise<void> {
  await until(`${writers} to wait for the lock`, async () => {
    const { rowCount } = await admin.query(
      `SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory'
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return rowCount === writers;
  });
}

/** How often a person is in the books. */
export async function enrollmentsOf(admin: pg.Client, nikHash: Buffer): Promise<number> {
  const { rowCount } = await admin.query(
    'SELECT 1 FROM enrollments e JOIN participants p ON p.id = e.participant_id WHERE p.nik_hash = $1',
    [nikHash],
  );
  return rowCount ?? 0;
}
