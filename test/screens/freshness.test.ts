import { expect, test } from 'vitest';
import { createLive } from '#client/live/live-context.ts';
import { type LiveState, liveState } from '#client/live/live-state.ts';
import { createWatchdog, lostAfterMs, quietAfterMs } from '#client/live/watchdog.ts';
import { ageOf, ageText } from '#client/parts/freshness.ts';
import { heldClock } from '#test/support/held-clock.ts';

const asOf = Date.parse('2025-10-29T01:30:07Z');

test('[BRD-8] while it is live the clock runs on in program time, as far as the server vouches for it', () => {
  expect(ageOf(asOf, 3_000, 'live')).toEqual({ shownMs: asOf + 3_000, agoMs: null });
  expect(ageOf(asOf, 9_000, 'live')).toEqual({ shownMs: asOf + 6_500, agoMs: 9_000 });
  expect(ageOf(asOf, -50, 'live')).toEqual({ shownMs: asOf, agoMs: null });
});

test('[BRD-8] once the line is in trouble the time stands and the age counts up', () => {
  for (const state of ['catching-up', 'lost'] satisfies LiveState[]) {
    expect(ageOf(asOf, 134_000, state)).toEqual({ shownMs: asOf, agoMs: 134_000 });
  }
});

test('[BRD-8] figures that are held stand at their time', () => {
  expect(ageOf(asOf, 134_000, 'frozen')).toEqual({ shownMs: asOf, agoMs: null });
  expect(ageOf(asOf, 134_000, 'suspended')).toEqual({ shownMs: asOf, agoMs: null });
});

test('[BRD-8] an age is told in the two units that matter', () => {
  expect(ageText(59_999)).toEqual({ key: 'live.age.seconds', values: { seconds: 59 } });
  expect(ageText(134_000)).toEqual({ key: 'live.age.minutes', values: { minutes: 2, seconds: 14 } });
  expect(ageText(3_725_000)).toEqual({ key: 'live.age.hours', values: { hours: 1, minutes: 2 } });
  expect(ageText(2 * 86_400_000 + 3_600_000)).toEqual({
    key: 'live.age.days',
    values: { days: 2, hours: 1 },
  });
});

test('[LIV-65] the word on the screen: trouble with the line outranks a hold, and a hold outranks live', () => {
  const good = { connection: 'open', silence: 'none', source: 'socket', kind: 'UPDATE' } as const;
  expect(liveState(good)).toBe('live');
  expect(liveState({ ...good, kind: 'FROZEN' })).toBe('frozen');
  expect(liveState({ ...good, kind: 'SUSPENDED' })).toBe('suspended');
  expect(liveState({ ...good, kind: 'FROZEN', connection: 'down' })).toBe('catching-up');
  expect(liveState({ ...good, source: 'none' })).toBe('catching-up');
  expect(liveState({ ...good, silence: 'quiet' })).toBe('catching-up');
  expect(liveState({ ...good, kind: 'SUSPENDED', silence: 'lost' })).toBe('lost');
});

test('[LIV-69] figures that are asked for say so, and a hold is told however it came', () => {
  const asked = { connection: 'down', silence: 'none', source: 'poll', kind: 'SNAPSHOT' } as const;
  expect(liveState(asked)).toBe('polling');
  expect(liveState({ ...asked, kind: 'FROZEN' })).toBe('frozen');
  expect(liveState({ ...asked, kind: 'SUSPENDED' })).toBe('suspended');
  expect(liveState({ ...asked, silence: 'quiet' })).toBe('catching-up');
  expect(liveState({ ...asked, silence: 'lost' })).toBe('lost');
});

test('[BRD-8] while figures are asked for the clock stands at their moment, and a late answer shows its age', () => {
  expect(ageOf(asOf, 5_000, 'polling')).toEqual({ shownMs: asOf, agoMs: null });
  expect(ageOf(asOf, 9_000, 'polling')).toEqual({ shownMs: asOf, agoMs: 9_000 });
});

test('[LIV-65] a reconnected screen is live only once a valid frame has come', () => {
  const live = createLive();
  live.received('SNAPSHOT', 1, 'socket', 'none');
  live.connected('down');
  expect(live.standing.get().state).toBe('catching-up');
  live.connected('open');
  expect(live.standing.get().state).toBe('catching-up');
  live.silent('lost');
  expect(live.standing.get()).toEqual({ state: 'lost', asOfAtMs: 1 });
  live.received('SNAPSHOT', 2, 'socket', 'none');
  expect(live.standing.get()).toEqual({ state: 'live', asOfAtMs: 2 });
});

test('[LIV-66] twelve seconds without a valid frame are doubtful and twenty are lost, each told once', () => {
  const clock = heldClock();
  const told: string[] = [];
  const watchdog = createWatchdog(clock, { quiet: () => told.push('quiet'), lost: () => told.push('lost') });
  clock.advance(quietAfterMs - 1);
  watchdog.fed(0);
  clock.advance(quietAfterMs - 1);
  expect(told).toEqual([]);
  clock.advance(1);
  expect(told).toEqual(['quiet']);
  clock.advance(lostAfterMs - quietAfterMs);
  expect(told).toEqual(['quiet', 'lost']);
  clock.advance(10 * lostAfterMs);
  expect(told).toEqual(['quiet', 'lost']);
  watchdog.fed(0);
  watchdog.stop();
  expect(clock.waiting).toBe(0);
});
