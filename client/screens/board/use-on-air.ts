/**
 * Which scene stands on the wall, and the one picture under it.
 *
 * Totals and leaders come as two pictures, each in its own time, so a change of scene could put an older revision after
 * a newer one. It never does: a scene is let in only when its picture is of the same epoch and not behind the one on
 * the wall; while the old scene leaves its picture stands still; and a wall keeps what it shows until what comes after
 * it is there. With the server away, a scene whose last picture is older than the wall waits.
 */
import { useEffect, useState } from 'react';
import { useLeaders, usePicture } from '#client/live/use-picture.ts';
import type { LeadersLevel, Subject } from '#client/wire/cache.ts';
import type { LeadersFragment, PictureFragment } from '#client/wire/generated/graphql.ts';
import { type Cue, isSameCue } from './play.ts';

export const boardSubject: Subject = { area: null, parts: 'DISTRICT' };

const leaveMs = 350;

export type Shown = PictureFragment | LeadersFragment;

export interface OnAir {
  /** Null until there is anything to show. */
  readonly cue: Cue | null;
  readonly phase: 'on' | 'leaving';
  /** What the wall's figures are of. On a scene without figures: what they were of last. */
  readonly picture: Shown | null;
  /** The city, as newest known: for its name, and for what just happened. */
  readonly city: PictureFragment | null;
}

export function useOnAir(wanted: Cue): OnAir {
  const [cue, setCue] = useState<Cue | null>(null);
  const [held, setHeld] = useState<Shown | null>(null);
  const city = usePicture(boardSubject);
  const shownLevel = cue?.level ?? null;
  const leaders = useLeaders(shownLevel);
  const wantedLeaders = useLeaders(wanted.level);

  const next = wanted.level === null ? city : wantedLeaders;
  const isChange = cue === null || !isSameCue(cue, wanted);
  const isDue = isChange && (hasNoFigures(wanted) || mayFollow(next, held));

  const own = shownLevel === null ? city : leaders;
  const picture = cue === null || isDue || isBehind(own, held) ? held : own;
  if (picture !== held) setHeld(picture);

  const { scene, level } = wanted;
  useEffect(() => {
    if (!isDue) return;
    const timer = setTimeout(() => setCue({ scene, level }), cue === null ? 0 : leaveMs);
    return () => clearTimeout(timer);
  }, [isDue, cue, scene, level]);

  return { cue, phase: isDue && cue !== null ? 'leaving' : 'on', picture, city };
}

/** The levels whose leaders the wall shows or is about to. */
export function levelsOf(...cues: readonly (Cue | null)[]): LeadersLevel[] {
  const found = new Set<LeadersLevel>();
  for (const cue of cues) if (cue?.level) found.add(cue.level);
  return [...found];
}

function hasNoFigures({ scene }: Cue): boolean {
  return scene === 'standby' || scene === 'blank';
}

interface Head {
  readonly epoch: string;
  readonly revision: number;
}

/** Whether a picture may come after what stands on the wall. */
export function mayFollow(next: Head | null, shown: Head | null): boolean {
  if (next === null) return false;
  return shown === null || (next.epoch === shown.epoch && next.revision >= shown.revision);
}

/** Whether a picture would take the wall back; one that is not there would empty it. */
function isBehind(next: Head | null, shown: Head | null): boolean {
  if (next === null) return true;
  return shown !== null && next.epoch === shown.epoch && next.revision < shown.revision;
}
