/**
 * The motion of a counter's wheels. Pure but for the wheel it moves.
 *
 * A wheel stands at a real number of steps (3.5: halfway from 3 to 4) and is drawn to its goal by a critically damped
 * spring: it starts and stops softly, never overshoots, and chases a goal that moves ten times a second at an even
 * speed, because the spring is slow against the beat. A wheel shows only the last digit of where it stands, so whole
 * turns may be left out unseen: however far the goal jumps, a wheel never has more than `longestWay` steps to go.
 */
export interface Wheel {
  at: number;
  speed: number;
  goal: number;
}

const longestWay = 14;
const stiffness = 8;
const restDistance = 0.002;
const restSpeed = 0.02;

export function createWheel(at: number): Wheel {
  return { at, speed: 0, goal: at };
}

export function aim(wheel: Wheel, goal: number): void {
  wheel.goal = goal;
  const way = goal - wheel.at;
  if (Math.abs(way) <= longestWay) return;
  const turns = Math.ceil((Math.abs(way) - longestWay) / 10);
  wheel.at += Math.sign(way) * turns * 10;
}

/** Moves by `seconds`; false when the wheel has come to rest, exactly on its goal. */
export function turn(wheel: Wheel, seconds: number): boolean {
  const offset = wheel.at - wheel.goal;
  const impulse = (wheel.speed + stiffness * offset) * seconds;
  const fade = Math.exp(-stiffness * seconds);
  wheel.at = wheel.goal + (offset + impulse) * fade;
  wheel.speed = (wheel.speed - stiffness * impulse) * fade;
  if (Math.abs(wheel.at - wheel.goal) > restDistance || Math.abs(wheel.speed) > restSpeed) return true;
  wheel.at = wheel.goal;
  wheel.speed = 0;
  return false;
}

/** Where the strip of digits stands, 0 up to 10. */
export function face(wheel: Wheel): number {
  return ((wheel.at % 10) + 10) % 10;
}
