import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Address, type Cue, playOf, pressed, turned } from '#client/screens/board/play.ts';

const totals = { scene: 'totals', level: null };
const map = { scene: 'map', level: null };
const districts = { scene: 'leaders', level: 'DISTRICT' };
const villages = { scene: 'leaders', level: 'VILLAGE' };
const neighborhoods = { scene: 'leaders', level: 'NEIGHBORHOOD' };
const blank = { scene: 'blank', level: null };

/** The address after several keys. */
function typed(address: Address, keys: string): Address {
  return [...keys].reduce((now, key) => pressed(now, key) ?? now, address);
}

test('[BRD-45] the address says which scene is played, and what it does not know is the totals', () => {
  expect(playOf({})).toEqual({ cue: totals, turnMs: null });
  expect(playOf({ scene: 'map' }).cue).toEqual(map);
  expect(playOf({ scene: 'standby' }).cue).toEqual({ scene: 'standby', level: null });
  expect(playOf({ scene: 'leaders' }).cue).toEqual(districts);
  expect(playOf({ scene: 'leaders', level: 'village' }).cue).toEqual(villages);
  expect(playOf({ scene: 'leaders', level: 'neighborhood' }).cue).toEqual(neighborhoods);
  expect(playOf({ scene: 'leaders', level: 'city' }).cue).toEqual(districts);
  for (const scene of ['award', '', 4, null, 'toString']) expect(playOf({ scene }).cue).toEqual(totals);
});

test('[BRD-45] whatever stands in the address, something is played, and at a sane pace', () => {
  const anything = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean(), fc.double());
  const address = fc.record({
    scene: anything,
    level: anything,
    rotate: anything,
    turn: anything,
    blank: anything,
  });
  fc.assert(
    fc.property(address, (asked) => {
      const { cue, turnMs } = playOf(asked);
      expect(cue.level !== null).toBe(cue.scene === 'leaders');
      expect(turnMs === null || (turnMs >= 5_000 && turnMs <= 3_600_000)).toBe(true);
    }),
  );
});

test('[BRD-46] the keys 1 to 5 and 0 name a scene in the address, and leave the rest of it alone', () => {
  const address = { lang: 'en', safe: 3 } as Address;
  const played = [...'123450'].map((key) => playOf(typed(address, key)).cue);
  expect(played).toEqual([
    totals,
    map,
    districts,
    villages,
    neighborhoods,
    { scene: 'standby', level: null },
  ]);
  expect(typed(address, '4')).toEqual({ lang: 'en', safe: 3, scene: 'leaders', level: 'village' });
  expect(typed(address, '42')).toEqual({ lang: 'en', safe: 3, scene: 'map' });
  for (const key of ['6', 'x', 'Enter', '12', 'F5', 'Escape']) expect(pressed(address, key)).toBeNull();
});

test('[BRD-46] B lays black over what is played and takes it off again', () => {
  for (const before of [{}, { scene: 'map' }, { rotate: 20, turn: 3 }] as Address[]) {
    expect(playOf(typed(before, 'b'))).toEqual({ cue: blank, turnMs: null });
    expect(typed(before, 'bB')).toEqual(before);
  }
  expect(typed({ scene: 'blank' }, 'b')).toEqual({});
  expect(playOf(typed({}, 'b3')).cue).toEqual(districts);
});

test('[BRD-47] a rotation goes through totals, map, districts and villages, and begins again', () => {
  let address = { rotate: 20, lang: 'en' } as Address;
  const seen: Cue[] = [];
  for (let turn = 0; turn < 6; turn++) {
    expect(playOf(address).turnMs).toBe(20_000);
    seen.push(playOf(address).cue);
    address = turned(address);
  }
  expect(seen).toEqual([totals, map, districts, villages, totals, map]);
  expect(address).toMatchObject({ rotate: 20, lang: 'en' });
});

test('[BRD-47] space holds a rotation where it stands and lets it go on from there', () => {
  const held = typed({ rotate: 20, turn: 3 }, ' ');
  expect(playOf(held)).toEqual({ cue: districts, turnMs: null });
  expect(typed(held, ' ')).toEqual({ rotate: 20, turn: 3 });
  expect(playOf(typed(held, '2 '))).toEqual({ cue: map, turnMs: 20_000 });
  expect(playOf(typed(held, '5 ')).turnMs).toBe(20_000);
  expect(pressed({ scene: 'map' }, ' ')).toBeNull();
  expect(pressed({ rotate: 20, blank: 1 }, ' ')).toBeNull();
});

test('[BRD-47] a scene that is named does not rotate, nor does a time that nobody could follow', () => {
  expect(playOf({ scene: 'map', rotate: 20 }).turnMs).toBeNull();
  for (const rotate of [0, 1, -20, 'fast', 86_400, Number.NaN, true]) {
    expect(playOf({ rotate }).turnMs).toBeNull();
  }
});
