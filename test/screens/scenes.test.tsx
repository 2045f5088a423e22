import { afterEach, beforeEach, expect, test } from 'vitest';
import { mayFollow } from '#client/screens/board/use-on-air.ts';
import type { LeadersFragment } from '#client/wire/generated/graphql.ts';
import { until } from '#test/support/wait.ts';
import { pictureAt } from './picture.ts';
import { type Board, showBoard } from './show-board.tsx';

const totals = { scene: 'totals', level: null } as const;
const map = { scene: 'map', level: null } as const;
const villages = { scene: 'leaders', level: 'VILLAGE' } as const;

let board: Board;

/** Nine villages of which the second and the third are equal; the first has grown by `revision`. */
function leadersAt(revision: number, changes: Partial<LeadersFragment> = {}): LeadersFragment {
  const { epoch, kind, mode, isLoading, asOf } = pictureAt(revision);
  const leader = (number: number, rank: number, enrolled: number) => ({
    rank,
    area: {
      code: `12.71.14.100${number}`,
      name: `Desa ${number}`,
      shortName: `Desa ${number}`,
      parent: { name: 'Medan Tembung' },
    },
    totals: { enrolled, target: 250 },
  });
  return {
    __typename: 'LeadersFrame',
    ...{ epoch, revision, kind, mode, isLoading, asOf },
    sourceCutOff: '2025-10-28',
    level: 'VILLAGE',
    contenders: 151,
    leaders: [
      leader(3, 1, 200 + revision),
      leader(1, 2, 180),
      leader(2, 2, 180),
      ...[4, 5, 6, 7, 8, 9].map((number) => leader(number, number, 170 - number)),
    ],
    ...changes,
  };
}

beforeEach(async () => {
  localStorage.clear();
  board = await showBoard(totals);
  board.send(pictureAt(20));
  await until('the first picture', () => board.now()?.scene === 'totals');
});
afterEach(() => board.close());

test('[BRD-44] the leaders are at most seven, in their order, with place, parent and n of N', async () => {
  board.play(villages);
  board.send(leadersAt(20));
  await until('the leaders', () => board.now()?.scene === 'leaders');
  const rows = [...board.page.querySelectorAll('li')].map((row) => row.textContent ?? '');
  expect(rows).toHaveLength(7);
  expect(rows[0]).toMatch(/^1Desa 3Medan Tembung220 dari 25088,0%/);
  expect(rows.map((row) => row[0]).join('')).toBe('1224567');
  expect(board.now()).toMatchObject({ epoch: 'first', revision: 20, areas: { '12.71.14.1003': 220 } });
});

test('[BRD-44] the rule, how many compete and the cut-off are printed; without a cut-off none is', async () => {
  board.play(villages);
  board.send(leadersAt(20));
  await until('the leaders', () => board.now()?.scene === 'leaders');
  const foot = () => board.page.querySelector('footer')?.textContent;
  expect(foot()).toContain('urutan: capaian, lalu jumlah');
  expect(foot()).toContain('data s.d. 28 Okt');
  expect(board.page.querySelector('h2')?.textContent).toBe('kelurahan teratasdari 151');
  board.send(leadersAt(21, { sourceCutOff: null, leaders: [] }));
  await until('the empty list', () => board.now()?.revision === 21);
  expect(foot()).not.toContain('data s.d.');
  expect(board.page.textContent).toContain('belum ada yang dapat diurutkan');
});

test('[BRD-44] [BRD-6] a leader that falls says why, once its own figures have fallen', async () => {
  board.play(villages);
  board.send(leadersAt(20));
  await until('the leaders', () => board.now()?.scene === 'leaders');
  const area = { code: '12.71.14', name: 'Medan Tembung' };
  const recent = [{ revision: 22, delta: -1, reason: 'DATA_CORRECTION' as const, area }];
  board.send(pictureAt(22, { recent }));
  board.send(leadersAt(21));
  await until('the revision before', () => board.now()?.revision === 21);
  await heartbeats((asOf) => leadersAt(21, { kind: 'HEARTBEAT', asOf }));
  expect(board.page.textContent).not.toContain('data dikoreksi');
  board.send(leadersAt(22));
  await until('the reason', () => board.page.textContent?.includes('−1 Medan Tembung data dikoreksi'));
});

test('[BRD-40] [BRD-6] the map shows the whole of one revision, and says why a number fell', async () => {
  board.play(map);
  await until('the map', () => board.now()?.scene === 'map');
  const area = { code: '12.71.14', name: 'Medan Tembung' };
  board.send(pictureAt(21, { recent: [{ revision: 21, delta: -2, reason: 'LEFT_PROGRAM', area }] }));
  await until('the reason', () => board.page.textContent?.includes('−2 Medan Tembung keluar dari program'));
  const { whole, parts } = pictureAt(21);
  expect(board.page.querySelector<HTMLElement>('[data-total]')?.dataset.total).toBe(
    String(whole.totals.enrolled),
  );
  expect(board.now()?.areas).toEqual(
    Object.fromEntries(parts.map((part) => [part.area.code, part.totals.enrolled])),
  );
});

test('[BRD-48] a picture may follow one of its epoch that is not newer, and nothing else', () => {
  const shown = { epoch: 'first', revision: 20 };
  expect(mayFollow({ epoch: 'first', revision: 20 }, shown)).toBe(true);
  expect(mayFollow({ epoch: 'first', revision: 19 }, shown)).toBe(false);
  expect(mayFollow({ epoch: 'second', revision: 99 }, shown)).toBe(false);
  expect(mayFollow({ epoch: 'first', revision: 1 }, null)).toBe(true);
  expect(mayFollow(null, null)).toBe(false);
});

test('[BRD-48] a scene whose picture is behind waits, and comes on once it has caught up', async () => {
  const phase = () => board.page.querySelector<HTMLElement>('[data-phase]')?.dataset.phase;
  board.send(leadersAt(15));
  board.play(villages);
  await until('the older leaders to be there', () =>
    Object.entries(localStorage).some(([slot, kept]) => slot.includes('VILLAGE') && kept.includes(':15')),
  );
  await heartbeats((asOf) => pictureAt(20, { kind: 'HEARTBEAT', asOf }));
  expect([board.now()?.scene, board.now()?.revision, phase()]).toEqual(['totals', 20, 'on']);
  board.send(leadersAt(26));
  await until('the totals to leave', () => phase() === 'leaving');
  await until('the leaders', () => board.now()?.scene === 'leaders');
  expect(board.now()?.revision).toBe(26);
  board.play(totals);
  board.send(pictureAt(24));
  board.send(pictureAt(27));
  await until('the totals again', () => board.now()?.scene === 'totals');
  expectForward();
});

test('[BRD-48] while a scene leaves its picture stands still, so that what comes on is never behind it', async () => {
  const phase = () => board.page.querySelector<HTMLElement>('[data-phase]')?.dataset.phase;
  board.send(leadersAt(20));
  board.play(villages);
  await until('the totals to leave', () => phase() === 'leaving');
  board.send(pictureAt(30));
  await until('the leaders', () => board.now()?.scene === 'leaders');
  expect(board.moments.map(({ revision }) => revision)).not.toContain(30);
  expect(board.now()?.revision).toBe(20);
  expectForward();
});

test('[BRD-48] through a change of epoch no moment mixes two of them', async () => {
  board.play(villages);
  board.send(leadersAt(20));
  await until('the leaders', () => board.now()?.scene === 'leaders');
  board.send(leadersAt(2, { epoch: 'second', kind: 'SNAPSHOT' }));
  await until('the leaders of the new epoch', () => board.now()?.epoch === 'second');
  board.play(totals);
  board.send(pictureAt(3, { epoch: 'second', kind: 'SNAPSHOT' }));
  await until('the totals of the new epoch', () => board.now()?.scene === 'totals');
  const epochs = board.moments.map(({ epoch }) => epoch);
  expect(epochs.lastIndexOf('first')).toBeLessThan(epochs.indexOf('second'));
  expectForward();
});

test('[BRD-49] a blank wall has no number and no name on it, and tells a screen reader that it is blank', async () => {
  board.play({ scene: 'blank', level: null });
  await until('the blank wall', () => board.now()?.scene === 'blank');
  expect(board.page.textContent).toBe('layar dikosongkan');
  expect(board.page.querySelector('h1')?.textContent).toBe('layar dikosongkan');
  board.play(totals);
  await until('the totals again', () => board.now()?.scene === 'totals');
});

test('[BRD-50] standby names the program, the place and the day of the program’s own clock, and no figure', async () => {
  board.play({ scene: 'standby', level: null });
  await until('standby', () => board.now()?.scene === 'standby');
  for (const words of ['Empowering Kepling', 'Kota Medan', 'Rabu, 29 Oktober 2025'])
    expect(board.page.textContent).toContain(words);
  expect(board.page.querySelector('[data-total], [data-area]')).toBeNull();
});

/** Sends word after word at the held revision and sees each arrive: by then whatever was due at once has happened. */
async function heartbeats(at: (asOf: string) => Parameters<Board['send']>[0]): Promise<void> {
  for (let second = 10; second < 14; second++) {
    const asOf = `2025-10-29T01:30:${second}.000Z`;
    board.send(at(asOf));
    await until('the word', () => board.page.querySelector('main')?.dataset.asOf === asOf);
  }
}

function expectForward(): void {
  for (const [at, moment] of board.moments.entries()) {
    const before = board.moments[at - 1];
    if (before?.epoch === moment.epoch) expect(moment.revision).toBeGreaterThanOrEqual(before.revision);
  }
}
