/**
 * How old the picture is, from program time alone: the screen's own clock serves only to count what has passed since
 * the moment that the picture stands for.
 */
import type { LiveState } from '#client/live/live-state.ts';

export interface Age {
  /** Program time that the picture stands for, in milliseconds. */
  readonly shownMs: number;
  /** How long ago that was; null while the picture is as good as new. */
  readonly agoMs: number | null;
}

/** The server speaks every five seconds at least; until a little after that, nothing heard means nothing changed. */
const freshForMs = 6_500;
/** An answer asked for every five seconds and a little that it may take; meanwhile nobody knows what has changed. */
const askedForMs = 7_500;

export function ageOf(asOfMs: number, passedMs: number, state: LiveState): Age {
  const passed = Math.max(0, passedMs);
  if (state === 'live') {
    const shownMs = asOfMs + Math.min(passed, freshForMs);
    return { shownMs, agoMs: passed > freshForMs ? passed : null };
  }
  if (state === 'polling') return { shownMs: asOfMs, agoMs: passed > askedForMs ? passed : null };
  if (state === 'frozen' || state === 'suspended') return { shownMs: asOfMs, agoMs: null };
  return { shownMs: asOfMs, agoMs: passed };
}

export type AgeText =
  | { readonly key: 'live.age.seconds'; readonly values: { seconds: number } }
  | { readonly key: 'live.age.minutes'; readonly values: { minutes: number; seconds: number } }
  | { readonly key: 'live.age.hours'; readonly values: { hours: number; minutes: number } }
  | { readonly key: 'live.age.days'; readonly values: { days: number; hours: number } };

/** An age in the two coarsest units that matter. */
export function ageText(agoMs: number): AgeText {
  const seconds = Math.floor(agoMs / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return { key: 'live.age.seconds', values: { seconds } };
  if (hours === 0) return { key: 'live.age.minutes', values: { minutes, seconds: seconds % 60 } };
  if (hours < 24) return { key: 'live.age.hours', values: { hours, minutes: minutes % 60 } };
  return { key: 'live.age.days', values: { days: Math.floor(hours / 24), hours: hours % 24 } };
}
