import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptFrame, type FrameHead } from '#client/live/accept-frame.ts';
import type { FrameKind } from '#client/wire/generated/graphql.ts';

function head(epoch: string, revision: number, kind: FrameKind = 'UPDATE'): FrameHead {
  return { epoch, revision, kind };
}

const kinds: readonly FrameKind[] = ['SNAPSHOT', 'UPDATE', 'HEARTBEAT', 'FROZEN', 'SUSPENDED'];

describe('which frames may touch the screen', () => {
  test('[LIV-61] a newer frame of the same epoch passes and a stale one is dropped', () => {
    const held = head('a', 10);
    expect(acceptFrame(held, head('a', 11))).toBe('figures');
    expect(acceptFrame(held, head('a', 9))).toBe('drop');
    expect(acceptFrame(held, head('a', 9, 'SNAPSHOT'))).toBe('drop');
    expect(acceptFrame(held, head('a', 9, 'HEARTBEAT'))).toBe('drop');
  });

  test('[LIV-62] another epoch comes in by a snapshot and by nothing else', () => {
    const held = head('a', 10);
    for (const kind of kinds) {
      expect(acceptFrame(held, head('b', 3, kind))).toBe(kind === 'SNAPSHOT' ? 'figures' : 'drop');
      expect(acceptFrame(held, head('b', 99, kind))).toBe(kind === 'SNAPSHOT' ? 'figures' : 'drop');
    }
  });

  test('[LIV-61] a page that holds nothing takes whatever comes first', () => {
    for (const kind of kinds) expect(acceptFrame(null, head('a', 1, kind))).toBe('figures');
  });

  test('[LIV-63] a heartbeat at the held revision moves only the word', () => {
    expect(acceptFrame(head('a', 10), head('a', 10, 'HEARTBEAT'))).toBe('word');
  });

  test('[LIV-63] a heartbeat that is ahead is a whole state and is taken as one', () => {
    expect(acceptFrame(head('a', 10), head('a', 12, 'HEARTBEAT'))).toBe('figures');
  });

  test('[LIV-65] a hold at a revision already passed changes the word and not the figures', () => {
    expect(acceptFrame(head('a', 10), head('a', 8, 'SUSPENDED'))).toBe('word');
    expect(acceptFrame(head('a', 10), head('a', 8, 'FROZEN'))).toBe('word');
  });

  test('[LIV-64] whatever comes in whatever order, a screen never goes back and never mixes epochs', () => {
    const frames = fc.array(
      fc.record({
        epoch: fc.constantFrom('a', 'b', 'c'),
        revision: fc.integer({ min: 0, max: 12 }),
        kind: fc.constantFrom(...kinds),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(frames, (arriving) => {
        let held: FrameHead | null = null;
        for (const frame of arriving) {
          const before: FrameHead | null = held;
          const verdict = acceptFrame(held, frame);
          if (verdict === 'figures') held = frame;
          if (verdict === 'word' && held !== null) held = { ...held, kind: frame.kind };
          if (before === null || held === null) continue;
          if (held.epoch === before.epoch) expect(held.revision).toBeGreaterThanOrEqual(before.revision);
          else expect(frame.kind).toBe('SNAPSHOT');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('[LIV-64] frames of one epoch in any order end on the newest of them', () => {
    const shuffled = fc
      .uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 40 })
      .chain((revisions) => fc.shuffledSubarray(revisions, { minLength: revisions.length }));
    fc.assert(
      fc.property(shuffled, (revisions) => {
        let held: FrameHead | null = null;
        for (const revision of revisions) {
          const frame = head('a', revision);
          if (acceptFrame(held, frame) === 'figures') held = frame;
        }
        expect(held?.revision).toBe(Math.max(...revisions));
      }),
    );
  });
});
