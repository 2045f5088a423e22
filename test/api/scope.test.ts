import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { openTestApp, type TestApp } from '#test/support/app.ts';
import { enrollInput, sendEnroll } from '#test/support/enroll.ts';
import { until } from '#test/support/wait.ts';

const OWN = { district: '12.71.14', village: '12.71.14.1001', neighborhood: '12.71.14.1001-001' } as const;
const FOREIGN_VILLAGE = '12.71.14.1002';

describe('what a reader sees beyond the own area', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await openTestApp();
    for (let number = 0; number < 24; number++) {
      const place = ['12.71.14.1001-001', '12.71.14.1002-001', '12.71.13.1001-001'][number % 3] as string;
      await sendEnroll(app.ask, enrollInput(number, place), app.key('bpjs'));
    }
  });
  afterAll(() => app.close());

  interface Area {
    readonly area: { readonly code: string };
    readonly totals: {
      readonly enrolled: number;
      readonly monthsPaid: { readonly none: number | null } | null;
    };
  }
  interface Frames {
    readonly totalsChanged: { readonly parts: Area[]; readonly recent: { area: { code: string } }[] };
    readonly leadersChanged: { readonly leaders: Area[] };
  }

  /** The first frame of a subscription, or null where it is refused; without a role, as anyone. */
  const first = async (query: string, role?: string): Promise<Frames | null> => {
    const client = createClient({
      url: `${app.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: role ? { authorization: `Bearer ${app.key(role)}` } : {},
    });
    try {
      for await (const { data } of client.iterate<Frames>({ query })) return data ?? null;
      return null;
    } catch {
      return null;
    } finally {
      await client.dispose();
    }
  };
  const parts = (area: string, level: string) =>
    `subscription { totalsChanged(area: "${area}", parts: ${level}) { parts { area { code } totals { enrolled monthsPaid { none } } } recent { area { code } } } }`;

  test('[ACC-27] a lurah follows the own village alone, also the first one of a district', async () => {
    const own = await first(parts(OWN.village, 'NEIGHBORHOOD'), 'village');
    expect(own?.totalsChanged.parts.length).toBeGreaterThan(5);
    for (const [area, level] of [
      [OWN.district, 'VILLAGE'],
      [OWN.district, 'NEIGHBORHOOD'],
      ['12.71', 'VILLAGE'],
      [FOREIGN_VILLAGE, 'NEIGHBORHOOD'],
    ] as const) {
      expect(await first(parts(area, level), 'village'), `${area} by ${level}`).toBeNull();
    }
    expect(await first(parts(OWN.village, 'NEIGHBORHOOD'), 'neighborhood')).toBeNull();
    const camat = await first(parts(OWN.district, 'NEIGHBORHOOD'), 'district');
    expect(camat?.totalsChanged.parts.length).toBeGreaterThan(50);
  });

  test('[ACC-28] what came in below a district is told to those who answer for it, and to nobody else', async () => {
    const recent = async (area: string, role?: string) => {
      const frame = await first(
        `subscription { totalsChanged(area: "${area}") { recent { area { code } } } }`,
        role,
      );
      return frame?.totalsChanged.recent.map((movement) => movement.area.code) ?? [];
    };
    expect(new Set(await recent('12.71'))).toEqual(new Set(['12.71.14', '12.71.13']));
    for (const role of [undefined, 'district', 'village', 'neighborhood'])
      expect(await recent('12.71.13', role)).toEqual([]);
    expect(await recent('12.71.13', 'leadership')).toContain('12.71.13.1001');
    expect(await recent(OWN.district, 'district')).toContain(FOREIGN_VILLAGE);
    expect(new Set(await recent(OWN.district, 'village'))).toEqual(new Set([OWN.village]));
  });

  test('[MET-43] of leaders below a district only those who answer for them get who pays, however large the cells are', async () => {
    const told = async (level: string, role?: string) => {
      const frame = await first(
        `subscription { leadersChanged(level: ${level}) { leaders { area { code } totals { enrolled monthsPaid { none } persistency { tooNew } } } } }`,
        role,
      );
      const of = new Map(
        frame?.leadersChanged.leaders.map(({ area, totals }) => [area.code.slice(0, 13), totals]),
      );
      return [of.get('12.71.14.1001'), of.get('12.71.13.1001')];
    };
    const shown = { enrolled: 8, monthsPaid: { none: 8 }, persistency: { tooNew: 8 } };
    const hidden = { enrolled: 8, monthsPaid: null, persistency: null };
    for (const level of ['VILLAGE', 'NEIGHBORHOOD']) {
      expect(await told(level), `${level}, anyone`).toEqual([hidden, hidden]);
      expect(await told(level, 'district'), `${level}, a camat`).toEqual([shown, hidden]);
      expect(await told(level, 'leadership'), `${level}, the city`).toEqual([shown, shown]);
    }
  });

  test('[ACC-29] leaders end with the seventh for all who do not answer for the city, and small cells are withheld outside the own area', async () => {
    const leaders = async (role?: string) => {
      const frame = await first(
        'subscription { leadersChanged(level: NEIGHBORHOOD, first: 50) { leaders { area { code } totals { enrolled monthsPaid { none } } } } }',
        role,
      );
      return frame?.leadersChanged.leaders ?? [];
    };
    expect((await leaders('leadership')).length).toBe(50);
    for (const role of [undefined, 'district', 'village', 'neighborhood'])
      expect((await leaders(role)).length, role ?? 'anyone').toBe(7);

    const districts =
      'subscription { totalsChanged(parts: DISTRICT) { parts { area { code } totals { enrolled monthsPaid { none } } } recent { area { code } } } }';
    // One person alone in a foreign district.
    await sendEnroll(app.ask, enrollInput(99, '12.71.05.1001-001'), app.key('bpjs'));
    const cell = async (role?: string) =>
      (await first(districts, role))?.totalsChanged.parts.find(({ area }) => area.code === '12.71.05')?.totals
        .monthsPaid?.none;
    await until('memory to have taken it in', async () => (await cell('leadership')) === 1);
    for (const role of [undefined, 'district', 'village', 'neighborhood'])
      expect(await cell(role), role ?? 'anyone').toBeNull();
  });
});
