/**
 * `/board`: the big screen. It follows the city with its districts over one subscription and plays the scene that the
 * address names. `?lang=en`, `?safe=0` (margin in per cent), `?scene=NAME`.
 */
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { FollowTotals } from '#client/live/follow-totals.tsx';
import { createLive, LiveContext } from '#client/live/live-context.ts';
import { usePageSocket } from '#client/live/socket-context.ts';
import { sceneOf } from './scene-change.ts';
import { boardSubject, Stage } from './stage.tsx';

export default function Board() {
  const { scene, safe } = useSearch({ strict: false }) as { scene?: unknown; safe?: unknown };
  const [live] = useState(createLive);
  const socket = usePageSocket();
  return (
    <LiveContext value={live}>
      <FollowTotals socket={socket} subject={boardSubject} />
      <Stage scene={sceneOf(scene)} safe={marginOf(safe)} />
    </LiveContext>
  );
}

const usualMargin = 5;
const widestMargin = 15;

function marginOf(asked: unknown): number {
  const percent = Number(asked ?? usualMargin);
  return percent >= 0 && percent <= widestMargin ? percent : usualMargin;
}
