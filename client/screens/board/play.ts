/**
 * What the address asks the board to play, and what a key makes of the address. Pure.
 *
 * `?scene=NAME` names one scene and stays there (`leaders` with `?level=district|village|neighborhood`). Without it
 * `?rotate=SECONDS` goes round the four figures; `?turn=1..4` is where it stands. `?rotate` beside `?scene` is a
 * rotation held at that scene. `?blank=1` lays black over whatever it is. So a reload comes back to the same picture,
 * and a person at the screen, a link and a director's list all say it the same way.
 */
import type { LeadersLevel } from '#client/wire/cache.ts';

export type SceneName = 'standby' | 'totals' | 'map' | 'leaders' | 'blank';

export interface Cue {
  readonly scene: SceneName;
  /** Whose leaders; null on every other scene. */
  readonly level: LeadersLevel | null;
}

export interface Play {
  readonly cue: Cue;
  /** How long until the next turn; null while nothing rotates. */
  readonly turnMs: number | null;
}

/** The part of the address that says what is played; whatever else stands in it is left alone. */
export interface Address {
  readonly scene?: unknown;
  readonly level?: unknown;
  readonly rotate?: unknown;
  readonly turn?: unknown;
  readonly blank?: unknown;
}

const levels: Record<string, LeadersLevel> = {
  district: 'DISTRICT',
  village: 'VILLAGE',
  neighborhood: 'NEIGHBORHOOD',
};

const totals: Cue = { scene: 'totals', level: null };
const standby: Cue = { scene: 'standby', level: null };
const blank: Cue = { scene: 'blank', level: null };
const map: Cue = { scene: 'map', level: null };

/** The scenes of the keys 1 to 5; the rotation goes through the first four. */
const keys: readonly Cue[] = [
  totals,
  map,
  { scene: 'leaders', level: 'DISTRICT' },
  { scene: 'leaders', level: 'VILLAGE' },
  { scene: 'leaders', level: 'NEIGHBORHOOD' },
];
const turns = keys.slice(0, 4);

const shortestTurnSeconds = 5;
const longestTurnSeconds = 3_600;

/** What does not name a scene, a level or a time is as if it were not there; without any of them the totals play. */
export function playOf(address: Address): Play {
  const rotateMs = rotateMsOf(address.rotate);
  const named = cueNamed(address);
  const cue = named ?? (rotateMs === null ? totals : turnOf(address));
  if (isBlanked(address)) return { cue: blank, turnMs: null };
  return { cue, turnMs: named === null ? rotateMs : null };
}

/** The address after a turn of the rotation. */
export function turned(address: Address): Address {
  return { ...address, turn: ((turns.indexOf(turnOf(address)) + 1) % turns.length) + 1 };
}

/** The address after a key (as `KeyboardEvent.key` gives it); null where the key means nothing here. */
export function pressed(address: Address, key: string): Address | null {
  if (key === ' ') return heldOrGoing(address);
  if (key.toLowerCase() === 'b') {
    const { blank: _, ...rest } = address;
    if (!isBlanked(address)) return { ...rest, blank: 1 };
    return address.scene === 'blank' ? without(rest) : rest;
  }
  const cue = key === '0' ? standby : /^[1-5]$/.test(key) ? keys[Number(key) - 1] : undefined;
  return cue === undefined ? null : addressOf(address, cue);
}

export function isSameCue(a: Cue, b: Cue): boolean {
  return a.scene === b.scene && a.level === b.level;
}

/** Space: a rotation is held where it stands, and goes on from there. */
function heldOrGoing(address: Address): Address | null {
  if (rotateMsOf(address.rotate) === null || isBlanked(address)) return null;
  const named = cueNamed(address);
  if (named === null) return addressOf(address, turnOf(address));
  const turn = turns.findIndex((cue) => isSameCue(cue, named));
  return turn === -1 ? without(address) : { ...without(address), turn: turn + 1 };
}

function addressOf(address: Address, { scene, level }: Cue): Address {
  const { blank: _, ...rest } = without(address);
  return level === null ? { ...rest, scene } : { ...rest, scene, level: level.toLowerCase() };
}

function without({ scene: _, level: __, ...rest }: Address): Address {
  return rest;
}

function cueNamed({ scene, level }: Address): Cue | null {
  if (scene === 'leaders') return { scene, level: levels[String(level)] ?? 'DISTRICT' };
  if (scene === 'blank') return blank;
  return [totals, map, standby].find((cue) => cue.scene === scene) ?? null;
}

function turnOf({ turn }: Address): Cue {
  return turns[Number(turn) - 1] ?? totals;
}

function rotateMsOf(rotate: unknown): number | null {
  if (rotate === undefined || rotate === null || rotate === '') return null;
  const seconds = Number(rotate);
  return seconds >= shortestTurnSeconds && seconds <= longestTurnSeconds ? seconds * 1000 : null;
}

function isBlanked(address: Address): boolean {
  return address.scene === 'blank' || Number(address.blank) === 1 || address.blank === true;
}
