import type { PictureFragment } from '#client/wire/generated/graphql.ts';

/** A small, true picture to vary: two districts whose sum is the whole. */
export function pictureAt(revision: number, changes: Partial<PictureFragment> = {}): PictureFragment {
  const tembung = 2_123 + revision;
  const kota = 3_026;
  return {
    __typename: 'TotalsFrame',
    epoch: 'first',
    revision,
    kind: 'UPDATE',
    mode: 'DEMO',
    isLoading: false,
    asOf: '2025-10-29T01:30:07.000Z',
    sourceCutOff: null,
    whole: {
      area: { code: '12.71', name: 'Kota Medan' },
      totals: {
        enrolled: tembung + kota,
        target: 6_025,
        gap: 6_025 - tembung - kota,
        monthsPaid: { one: 1_815 },
        persistency: {
          tooNew: 500,
          stopped: 900,
          paying: 3_000,
          inArrears: 300,
          lapsed: 200,
          resumed: 249 + revision,
        },
      },
    },
    parts: [
      {
        rank: 1,
        area: { code: '12.71.14', shortName: 'Tembung' },
        totals: { enrolled: tembung, target: 2_375 },
      },
      { rank: 2, area: { code: '12.71.01', shortName: 'Kota' }, totals: { enrolled: kota, target: 3_650 } },
      { rank: null, area: { code: '12.71.03', shortName: 'Helvetia' }, totals: { enrolled: 0, target: 0 } },
    ],
    recent: [],
    ...changes,
  };
}
