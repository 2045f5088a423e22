import { expect, test } from 'vitest';
import { openTestApp } from '#test/support/app.ts';
import { enrollInput, sendEnroll } from '#test/support/enroll.ts';
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

test('[MET-40] sums that are wrong show in no answer: a question whose last day is today is answered from the entries', async () => {
  const app = await openTestApp();
  await until('the days to be closed', () => app.logged.some((line) => line.includes('"closed"')), 20_000);
  for (let number = 0; number < 3; number++)
    await sendEnroll(app.ask, enrollInput(number, '12.71.14.1001-001'), app.key('bpjs'));
  const answer = () =>
    app.ask(
      `{ metric(query: { measures: [ENROLLED, TARGET, EVEN_ACHIEVEMENT, COMPLETE_NEIGHBORHOODS, MONTHS_NONE, NEW], by: [DISTRICT] }) {
           rows { area { code } values } totals revision } }`,
      {},
      app.key('leadership'),
    );
  const before = await answer();
  expect(before.data['metric']).toMatchObject({ totals: expect.arrayContaining([3]) });
  const admin = await app.database.admin();
  await admin.query(
    `UPDATE neighborhood_sums SET enrolled = enrolled + 40, months_none = months_none + 40, too_new = too_new + 40,
            target = target + 1000 WHERE neighborhood_id = (SELECT id FROM areas WHERE code = '12.71.14.1001-001')`,
  );
  const isReady = async () => (await fetch(`${app.url}/readyz`)).status === 200;
  await until('the check to find it', async () => !(await isReady()), 15_000);
  expect(await answer()).toEqual(before);
  await app.close();
});
