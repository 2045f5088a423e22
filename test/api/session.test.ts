import { readFileSync } from 'node:fs';
import path from 'node:path';
import { getAuthTables } from 'better-auth/db';
import { username } from 'better-auth/plugins/username';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { Prisma } from '#prisma/generated/client/client.ts';
import { openTestApp, type TestApp } from '#test/support/app.ts';

let app: TestApp;
let password: string;

beforeAll(async () => {
  app = await openTestApp();
  const accounts = JSON.parse(readFileSync(path.join(app.dataDir, 'demo-accounts.json'), 'utf8')) as {
    role: string;
    password: string;
  }[];
  password = accounts.find((account) => account.role === 'leadership')?.password ?? '';
});
afterAll(() => app.close());

const signIn = (name: string, word: string) =>
  fetch(`${app.url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': 'id' },
    body: JSON.stringify({ username: name, password: word }),
  });
const cookieOf = (response: Response) => (response.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
const viewer = async (cookie: string) => {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ query: '{ viewer { username role } }' }),
  });
  return (await response.json()) as { data?: { viewer: { username: string; role: string } } };
};

test('[ACC-23] a person signs in by name and password; unknown name and wrong password are answered alike', async () => {
  const right = await signIn('leadership', password);
  expect(right.status).toBe(200);
  expect(await right.json()).toMatchObject({
    username: 'leadership',
    role: 'LEADERSHIP',
    area: { code: '12.71' },
  });
  expect(right.headers.getSetCookie()[0]).toMatch(/HttpOnly; SameSite=Strict/);
  const [wrong, unknown] = await Promise.all([signIn('leadership', 'salah'), signIn('tidak-ada', 'salah')]);
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  expect(await wrong.json()).toEqual(await unknown.json());
  expect((await signIn('', '')).status).toBe(400);
});

test('[ACC-24] a session opens the staff schema on HTTP and on the socket, and signing out closes both', async () => {
  const cookie = cookieOf(await signIn('leadership', password));
  expect((await viewer(cookie)).data?.viewer).toEqual({ username: 'leadership', role: 'LEADERSHIP' });
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: { cookie },
  });
  const received: string[] = [];
  socket.on('message', (data) => received.push(String(data)));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await expect.poll(() => received.join()).toMatch(/connection_ack/);
  const query = 'subscription { totalsChanged(area: "12.71.14.1001", parts: NEIGHBORHOOD) { kind } }';
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  await expect.poll(() => received.join()).toMatch(/SNAPSHOT/);
  expect((await fetch(`${app.url}/session`, { method: 'DELETE', headers: { cookie } })).status).toBe(204);
  expect(await closed).toBe(4403);
  expect((await viewer(cookie)).data).toBeUndefined();
  expect((await fetch(`${app.url}/session`, { headers: { cookie } })).status).toBe(401);
});

test('[ACC-32] only the end of a session that was there is announced', async () => {
  const announced = async () => {
    const { rows } = await app.database.store
      .pool('owner')
      .query<{ version: string }>(`SELECT version FROM versions WHERE topic = 'grants'`);
    return Number(rows[0]?.version);
  };
  const signOut = async (cookie?: string) => {
    const answer = await fetch(`${app.url}/session`, { method: 'DELETE', headers: cookie ? { cookie } : {} });
    expect(answer.status).toBe(204);
  };
  const cookie = cookieOf(await signIn('leadership', password));
  const before = await announced();
  await signOut();
  await signOut('kepling.session_token=abc.def');
  await signOut(`${cookie}x`);
  expect(await announced()).toBe(before);
  await signOut(cookie);
  expect(await announced()).toBe(before + 1);
  await signOut(cookie);
  expect(await announced()).toBe(before + 1);
});

test('[ACC-25] after ten tries in a minute a name is not tried any more from that address, and others are not held up', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, () => signIn('governance', 'tebakan')));
  expect(answers.filter((answer) => answer.status === 429).length).toBeGreaterThanOrEqual(2);
  expect((await signIn('leadership', password)).status).toBe(200);
});

test('[ACC-26] the tables of sessions are those that better-auth expects', () => {
  const ours = Prisma.ModelName as Readonly<Record<string, string>>;
  for (const [name, table] of Object.entries(getAuthTables({ plugins: [username()] }))) {
    const model = Object.keys(ours).find((each) => each.toLowerCase() === name);
    expect(model).toBeDefined();
    const fields = Prisma[`${model}ScalarFieldEnum` as 'UserScalarFieldEnum'] as Readonly<
      Record<string, string>
    >;
    expect(Object.keys(fields)).toEqual(expect.arrayContaining(['id', ...Object.keys(table.fields)]));
  }
});

test('[ACC-30] a session that is used is prolonged, in the browser too', async () => {
  const cookie = cookieOf(await signIn('leadership', password));
  const pool = app.database.store.pool('owner');
  const expiry = async () => {
    const { rows } = await pool.query<{ at: Date }>('SELECT max(expires_at) AS at FROM sessions');
    return rows[0]?.at.getTime() ?? 0;
  };
  await pool.query(`UPDATE sessions SET expires_at = expires_at - interval '2 hours'`);
  const before = await expiry();
  await viewer(cookie);
  expect(await expiry()).toBe(before);
  const looked = await fetch(`${app.url}/session`, { headers: { cookie } });
  expect(looked.headers.getSetCookie()[0]).toMatch(/^kepling\.session_token=.*Max-Age=43200/);
  expect(await expiry()).toBeGreaterThan(before);
});

test('[ACC-31] of many passwords at once few are judged, and one address has sixty tries a minute whatever the names', async () => {
  const tell = async (response: Response) => ({
    status: response.status,
    body: (await response.json()) as { errors: { message: string }[] },
  });
  const atOnce = await Promise.all(
    Array.from({ length: 30 }, async (_, index) => tell(await signIn(`nama_${index}`, 'tebakan'))),
  );
  const busy = atOnce.filter(({ body }) => body.errors[0]?.message.startsWith('Banyak yang masuk'));
  expect(busy.length).toBeGreaterThan(0);
  expect(busy.every(({ status }) => status === 429)).toBe(true);
  const later: string[] = [];
  for (let index = 0; index < 40; index++) {
    const { body } = await tell(await signIn(`lain_${index}`, 'tebakan'));
    later.push(body.errors[0]?.message ?? '');
  }
  expect(later.at(-1)).toBe('Terlalu sering mencoba. Tunggu satu menit, lalu coba lagi.');
});
