import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApp, type TestApp, urlOf } from '#test/support/app.ts';
import { createEmptyDatabase } from '#test/support/database.ts';
import { enrollInput, madeUpNik, sendEnroll } from '#test/support/enroll.ts';
import { follow, runCommandLine } from '#test/support/product.ts';
import { until } from '#test/support/wait.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
  // Days are closed in the background: what is spoiled meanwhile would be kept as a day's sums.
  await until('the days to be closed', () => app.logged.some((line) => line.includes('"closed"')), 25_000);
});
afterAll(() => app.close());

const PATHS = ['/metrics', '/operator'];
const ask = (path: string, headers: Record<string, string> = {}) => fetch(`${app.url}${path}`, { headers });
async function figure(name: string): Promise<number> {
  const text = await (await ask('/metrics')).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? Number.NaN);
}

/** The command, beside the server. */
async function runCheckSums(): Promise<{ stdout: string; code: number }> {
  const settings = { DATABASE_URL: urlOf(app.database.address) };
  return runCommandLine(app.dataDir, 'check-sums', [], settings).then(
    (stdout) => ({ stdout, code: 0 }),
    ({ stdout, code }: { stdout: string; code: number }) => ({ stdout, code }),
  );
}

describe('what an operator is shown', () => {
  test('[OPS-11] metrics are in Prometheus form, count what happens, and hold nothing of a person', async () => {
    const key = app.key('bpjs');
    const before = {
      accepted: await figure('kepling_commands_total{outcome="ACCEPTED"}'),
      duplicates: await figure('kepling_refusals_total{code="DUPLICATE_ENROLLMENT"}'),
    };
    for (let number = 0; number < 3; number++) await sendEnroll(app.ask, enrollInput(number), key);
    await sendEnroll(app.ask, { ...enrollInput(1), idempotencyKey: 'again' }, key);
    const counted = (value: number) => (Number.isNaN(value) ? 0 : value);
    expect(await figure('kepling_commands_total{outcome="ACCEPTED"}')).toBe(counted(before.accepted) + 3);
    expect(await figure('kepling_refusals_total{code="DUPLICATE_ENROLLMENT"}')).toBe(
      counted(before.duplicates) + 1,
    );
    await until('the newest revision', async () => (await figure('kepling_revision')) === 4);
    expect(await figure('kepling_sums_differences')).toBe(0);
    expect(await figure('kepling_feed_age_seconds')).toBeLessThan(2);
    expect(await figure('kepling_ledger_queue')).toBe(0);
    expect(await figure('kepling_pool_waiting{pool="app"}')).toBe(0);
    expect(await figure('kepling_sockets')).toBe(0);

    const response = await ask('/metrics');
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('version=0.0.4');
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(
        /^(# (HELP|TYPE) kepling_[a-z_]+ .+|kepling_[a-z_]+(\{[a-z]+="[^"]*"\})? -?[\d.]+(e[+-]?\d+)?)$/,
      );
    for (const secret of [key, madeUpNik(1), 'Orang', '12.71', '127.0.0.1'])
      expect(text).not.toContain(secret);
  });

  test('[OPS-11] metrics count sockets, what they follow, and what is handed out to them', async () => {
    const names = ['sockets', 'groups', 'followers', 'renderings_total', 'frames_delivered_total'] as const;
    const read = async () =>
      Object.fromEntries(
        await Promise.all(names.map(async (name) => [name, await figure(`kepling_${name}`)] as const)),
      ) as Record<(typeof names)[number], number>;
    const before = await read();
    expect(before).toMatchObject({ sockets: 0, groups: 0, followers: 0 });
    const seen: string[] = [];
    const districts = 'subscription { totalsChanged(parts: DISTRICT) { revision kind } }';
    const city = 'subscription { totalsChanged { revision kind } }';
    const followers = [districts, districts, districts, city].map((query, who) =>
      follow<{ totalsChanged: { revision: number } }>(app.url, query, ({ totalsChanged }) =>
        seen.push(`${who} ${totalsChanged.revision}`),
      ),
    );
    const sawAll = (revision: number) => followers.every((_, who) => seen.includes(`${who} ${revision}`));
    const revision = await figure('kepling_revision');
    await until('everyone to begin', () => sawAll(revision));
    const begun = await read();
    expect(begun).toMatchObject({ sockets: 4, groups: 2, followers: 4 });
    expect(begun.frames_delivered_total).toBeGreaterThanOrEqual(before.frames_delivered_total + 4);
    await sendEnroll(app.ask, enrollInput(20, '12.71.01.1001-001'), app.key('bpjs'));
    await until('everyone to have the next', () => sawAll(revision + 1));
    const after = await read();
    // A rendering serves its whole group, and every payload that was taken is counted.
    await until('all that was counted to have arrived', async () => {
      const counted = await figure('kepling_frames_delivered_total');
      return seen.length === counted - before.frames_delivered_total;
    });
    expect(after.renderings_total - begun.renderings_total).toBeGreaterThanOrEqual(2);
    expect(after.renderings_total - begun.renderings_total).toBeLessThan(
      after.frames_delivered_total - begun.frames_delivered_total,
    );
    expect(await figure('kepling_frames_skipped_total')).toBe(0);
    expect(await figure('kepling_socket_waiting_bytes')).toBe(0);
    for (const follower of followers) await follower.dispose();
    await until('all to be gone', async () => (await figure('kepling_sockets')) === 0);
    expect(await read()).toMatchObject({ groups: 0, followers: 0 });
  });

  test('[OPS-12] is for this machine and for an ADMIN, and not for what a proxy hands on', async () => {
    for (const path of PATHS) {
      expect((await ask(path)).status).toBe(200);
      for (const name of ['x-real-ip', 'x-forwarded-host', 'x-forwarded-proto', 'via', 'forwarded'])
        expect((await ask(path, { [name]: 'anything' })).status).toBe(403);
      const handedOn: Record<string, string> = { 'x-forwarded-for': '203.0.113.9' };
      expect((await ask(path, handedOn)).status).toBe(403);
      expect((await ask(path, { ...handedOn, authorization: `Bearer ${app.key('bpjs')}` })).status).toBe(403);
      expect((await ask(path, { ...handedOn, authorization: 'Bearer wrong' })).status).toBe(403);
      expect((await ask(path, { ...handedOn, authorization: `Bearer ${app.key('admin')}` })).status).toBe(
        200,
      );
    }
  });

  test('[OPS-13] where the sums disagree: which area differs by what, since when, and what to do; and a loud line in the log', async () => {
    expect(await (await ask('/operator')).text()).toContain('the sums agree');
    const admin = await app.database.admin();
    const tamper = (by: number) =>
      admin.query(
        `UPDATE neighborhood_sums SET enrolled = enrolled + ${by}, months_none = months_none + ${by}, too_new = too_new + ${by}
          WHERE neighborhood_id = (SELECT id FROM areas WHERE code = '12.71.14.1001-001')`,
      );
    await tamper(2);
    await until('the check to find it', async () => (await ask('/readyz')).status === 503, 15_000);
    const text = await (await ask('/operator')).text();
    expect(text).toMatch(/SUMS DISAGREE: \d+ .* since 20\d\d-/);
    expect(text).toMatch(
      /^12\.71\.14\.1001-001 .+ \(NEIGHBORHOOD\): enrolled: .* 5, .* 3, selisih · difference \+2$/m,
    );
    expect(text).toContain('what to do');
    expect(text).toContain('Intake goes on');
    expect(text).toContain('A restore drops everybody taken in since its backup');
    expect(text).toMatch(/TIDAK +sumsAgree/);
    expect(await figure('kepling_sums_differences')).toBeGreaterThan(0);
    const { stdout, code } = await runCheckSums();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^DEMO, epoch \S+, revisi · revision \d+, \d+ orang/);
    const kept = text.split('\n').filter((line) => /entries and people \d/.test(line));
    expect(kept).toHaveLength(3);
    expect(stdout.split('\n').filter((line) => line.startsWith('12.71'))).toEqual(kept);
    expect(app.logged.filter((line) => line.includes('SUMS DISAGREE'))).toHaveLength(1);
    await tamper(-2);
    await until('the check to agree', async () => (await ask('/readyz')).status === 200, 15_000);
    expect(await runCheckSums()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('the sums agree'),
    });
    const agreed = await (await ask('/operator')).text();
    expect(agreed).toContain('the sums agree');
    expect(agreed).not.toContain('Intake goes on');
  });

  test('[OPS-25] a backup of sums that disagree is written, says that it cannot be restored, and ends with 2', async () => {
    const admin = await app.database.admin();
    const settings = { DATABASE_URL: urlOf(app.database.address) };
    const run = (command: string, args: string[], more = {}) =>
      runCommandLine(app.dataDir, command, args, { ...settings, ...more }).then(
        () => ({ code: 0, stdout: '', stderr: '' }),
        (ended: { code: number; stdout: string; stderr: string }) => ended,
      );
    const fileOf = (name: string) => path.join(app.dataDir, `${name}.backup`);
    const differencesIn = (name: string) =>
      (
        JSON.parse(
          gunzipSync(readFileSync(fileOf(name)))
            .toString()
            .split('\n', 1)[0] as string,
        ) as {
          differences: number;
        }
      ).differences;
    expect(await run('backup', [fileOf('agrees')])).toMatchObject({ code: 0, stderr: '' });
    expect(differencesIn('agrees')).toBe(0);

    await admin.query(
      'UPDATE neighborhood_sums SET pending = pending + 1 WHERE neighborhood_id = (SELECT max(id) FROM areas)',
    );
    const ended = await run('backup', [fileOf('disagrees')]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/TIDAK DAPAT DIPULIHKAN · THIS BACKUP CANNOT BE RESTORED/);
    expect(ended.stderr).toContain('npm run check-sums');
    expect(differencesIn('disagrees')).toBeGreaterThan(0);
    await admin.query(
      'UPDATE neighborhood_sums SET pending = pending - 1 WHERE neighborhood_id = (SELECT max(id) FROM areas)',
    );

    const next = await createEmptyDatabase();
    const refused = await run('restore', [fileOf('disagrees')], { DATABASE_URL: urlOf(next.address) });
    await next.drop();
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('when it was taken its sums and rows disagreed');
    expect(refused.stderr).toContain('its sums do not agree with its rows');
  });
});
