/**
 * `/board`: the big screen. It follows the city with its districts, and the leaders while they are on, and plays what
 * the address asks for: see `play.ts`. `?lang=en`, `?safe=0` (margin in per cent).
 *
 * For a person at the screen: 1 totals, 2 map, 3 districts, 4 villages, 5 neighborhoods, 0 standby, B black and back,
 * space holds a rotation and lets it go on, F full screen. Each key changes the address and nothing else.
 */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import { PictureCache } from '#client/live/picture-cache.tsx';
import { type Address, playOf, pressed, turned } from './play.ts';
import { Stage } from './stage.tsx';
import { useKeys } from './use-keys.ts';

export default function Board() {
  const address = useSearch({ strict: false }) as Address & { safe?: unknown };
  const navigate = useNavigate();
  const { cue, turnMs } = playOf(address);

  function go(next: Address | null): boolean {
    if (next === null) return false;
    void navigate({ to: '.', search: next as never, replace: true });
    return true;
  }

  useKeys((key) => go(pressed(address, key)));

  const turn = useEffectEvent(() => go(turned(address)));
  const { scene, level } = cue;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each scene gets its whole turn, however it came on
  useEffect(() => {
    if (turnMs === null) return;
    const timer = setTimeout(turn, turnMs);
    return () => clearTimeout(timer);
  }, [turnMs, scene, level]);

  return (
    <PictureCache>
      <Stage cue={cue} safe={marginOf(address.safe)} />
    </PictureCache>
  );
}

const usualMargin = 5;
const widestMargin = 15;

function marginOf(asked: unknown): number {
  const percent = Number(asked ?? usualMargin);
  return percent >= 0 && percent <= widestMargin ? percent : usualMargin;
}
