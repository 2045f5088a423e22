import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aim, createWheel, face, turn } from '#client/parts/wheels.ts';

const frame = 1 / 60;

test('[BRD-4] a wheel comes to rest exactly on its goal, soon, from wherever it starts', () => {
  fc.assert(
    fc.property(fc.nat(60_000), fc.nat(60_000), (from, to) => {
      const wheel = createWheel(from);
      aim(wheel, to);
      let frames = 0;
      while (turn(wheel, frame)) expect(++frames).toBeLessThan(150);
      expect(wheel.at).toBe(to);
      expect(face(wheel)).toBe(to % 10);
    }),
  );
});

test('[BRD-4] however far the jump, a wheel turns only a few steps, and shows the digit it stood on when it starts', () => {
  const wheel = createWheel(3);
  aim(wheel, 37_058);
  expect(face(wheel)).toBe(3);
  expect(wheel.goal - wheel.at).toBeLessThanOrEqual(15);
  expect(wheel.goal - wheel.at).toBeGreaterThan(0);
});

test('[BRD-4] a steady flow of ten updates a second turns the wheel at a steady speed', () => {
  const wheel = createWheel(0);
  const speeds: number[] = [];
  for (let step = 0; step < 300; step++) {
    if (step % 6 === 0) aim(wheel, wheel.goal + 1);
    turn(wheel, frame);
    if (step > 120) speeds.push(wheel.speed);
  }
  const mean = speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length;
  expect(mean).toBeCloseTo(10, 0);
  for (const speed of speeds) expect(Math.abs(speed - mean) / mean).toBeLessThan(0.35);
});
