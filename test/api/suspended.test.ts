import { expect, test } from 'vitest';
import { openTestApp } from '#test/support/app.ts';
import { until } from '#test/support/wait.ts';

test('[CON-16] a server that starts on sums that disagree closes no day', async () => {
  const app = await openTestApp('DEMO', ({ store }) =>
    store
      .pool('owner')
      .query(
        'UPDATE neighborhood_sums SET target = target + 1 WHERE neighborhood_id = (SELECT min(neighborhood_id) FROM neighborhood_sums)',
      ),
  );
  const readiness = (await (await fetch(`${app.url}/readyz`)).json()) as object;
  expect(JSON.stringify(readiness)).toMatch(/false/);
  expect(app.logged.join('')).toContain('SUMS DISAGREE');
  const closings = async () =>
    (await app.database.store.pool('reader').query('SELECT day FROM closings')).rowCount ?? 0;
  await until(
    'the server to have decided',
    async () => app.logged.join('').includes('no day is closed') || (await closings()) > 0,
    20_000,
  );
  expect(await closings()).toBe(0);
  await app.close();
});

test('[CON-16] a server that starts on sums that agree closes what has ended', async () => {
  const app = await openTestApp();
  const closed = async () =>
    (await app.database.store.pool('reader').query('SELECT day FROM closings')).rowCount ?? 0;
  await until('the day before its founding to be closed', async () => (await closed()) === 1, 20_000);
  await app.close();
});
