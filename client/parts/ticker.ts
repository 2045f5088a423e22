/**
 * What just came in, made calm enough to read. Pure: a state, and two functions that give the next one.
 *
 * Rises wait by district and add up while they wait; one district is shown at a time, the longest waiting first, at
 * most once per beat, so that a flow of fifty a second reads like a flow of one. Falls never wait behind rises and
 * never share their place: the one on show stays for `fallStaysMs` at least and says why. What is waiting is bounded
 * by the number of districts and reasons; many falls at once are told as one. A movement is told once: what lies at or
 * below the revision already taken in is never told again, whoever repeats it.
 */
import type { FallReason, PictureFragment } from '#client/wire/generated/graphql.ts';

export type Movements = PictureFragment['recent'];

export interface Notice {
  readonly key: string;
  readonly delta: number;
  /** The district, or null where several are told as one. */
  readonly name: string | null;
  readonly districts: number;
  readonly reason: FallReason | null;
}

export interface Ticker {
  readonly epoch: string | null;
  readonly revision: number;
  /** Waiting, by district or by district and reason, in order of arrival. */
  readonly rises: ReadonlyMap<string, Notice>;
  readonly falls: ReadonlyMap<string, Notice>;
  /** On show: the places of rises, null where none was yet, and the fall. */
  readonly places: readonly (Notice | null)[];
  readonly fall: Notice | null;
  readonly told: number;
  readonly nextRiseAtMs: number;
  readonly fallUntilMs: number;
}

const beatMs = 1_600;
const mostFallsApart = 3;
export const fallStaysMs = 9_000;
const fallLingersMs = 20_000;

export function createTicker(places: number): Ticker {
  return {
    epoch: null,
    revision: -1,
    rises: new Map(),
    falls: new Map(),
    places: Array.from({ length: places }, () => null),
    fall: null,
    told: 0,
    nextRiseAtMs: 0,
    fallUntilMs: 0,
  };
}

export interface Source {
  readonly epoch: string;
  readonly revision: number;
  readonly recent: Movements;
  /** While opening figures are loaded, what moves is history and is not told. */
  readonly isLoading: boolean;
}

/** Takes in the movements of a picture. A new epoch starts the count anew and tells none of what it brings along. */
export function take(ticker: Ticker, picture: Source): Ticker {
  const { epoch, revision } = picture;
  const isFirst = ticker.epoch === null;
  if (!isFirst && ticker.epoch !== epoch) return { ...createTicker(ticker.places.length), epoch, revision };
  if (picture.isLoading) return { ...ticker, epoch, revision: Math.max(ticker.revision, revision) };
  const unseen = picture.recent
    .filter((movement) => movement.revision > ticker.revision)
    .sort((a, b) => a.revision - b.revision);
  const news = isFirst ? unseen.slice(-ticker.places.length) : unseen;
  let { told } = ticker;
  const rises = new Map(ticker.rises);
  const falls = new Map(ticker.falls);
  for (const { area, delta, reason } of news) {
    if (delta === 0) continue;
    const waiting = delta > 0 ? rises : falls;
    const id = delta > 0 ? area.code : `${area.code} ${reason ?? ''}`;
    const before = waiting.get(id);
    waiting.set(id, {
      key: before?.key ?? String(++told),
      delta: (before?.delta ?? 0) + delta,
      name: area.name,
      districts: 1,
      reason,
    });
  }
  return {
    ...ticker,
    epoch,
    revision: Math.max(ticker.revision, revision),
    rises,
    falls: gathered(falls),
    told,
  };
}

/** Puts on show what is due at `nowMs`; the same ticker when nothing is. */
export function show(ticker: Ticker, nowMs: number): Ticker {
  return showFall(showRise(ticker, nowMs), nowMs);
}

/** When `show` will next have something to do; null when there is nothing to wait for. */
export function nextDueMs({ rises, falls, fall, nextRiseAtMs, fallUntilMs }: Ticker): number | null {
  const due: number[] = [];
  if (rises.size > 0) due.push(nextRiseAtMs);
  if (falls.size > 0) due.push(fallUntilMs);
  if (fall !== null) due.push(fallUntilMs + fallLingersMs - fallStaysMs);
  return due.length === 0 ? null : Math.min(...due);
}

function showRise(ticker: Ticker, nowMs: number): Ticker {
  const [first] = ticker.rises;
  if (first === undefined || nowMs < ticker.nextRiseAtMs) return ticker;
  const [id, notice] = first;
  const rises = new Map(ticker.rises);
  rises.delete(id);
  const places = [...ticker.places];
  places[oldestPlace(places)] = notice;
  return { ...ticker, rises, places, nextRiseAtMs: nowMs + beatMs };
}

function showFall(ticker: Ticker, nowMs: number): Ticker {
  const [first] = ticker.falls;
  if (first !== undefined && nowMs >= ticker.fallUntilMs) {
    const [id, fall] = first;
    const falls = new Map(ticker.falls);
    falls.delete(id);
    return { ...ticker, falls, fall, fallUntilMs: nowMs + fallStaysMs };
  }
  const isOver = ticker.fall !== null && nowMs >= ticker.fallUntilMs + fallLingersMs - fallStaysMs;
  return isOver ? { ...ticker, fall: null } : ticker;
}

function oldestPlace(places: readonly (Notice | null)[]): number {
  let oldest = 0;
  places.forEach((notice, place) => {
    const age = (other: Notice | null | undefined) => (other ? Number(other.key) : -1);
    if (age(notice) < age(places[oldest])) oldest = place;
  });
  return oldest;
}

/** Many falls at once become one per reason. */
function gathered(falls: Map<string, Notice>): Map<string, Notice> {
  if (falls.size <= mostFallsApart) return falls;
  const byReason = new Map<string, Notice>();
  for (const fall of falls.values()) {
    const id = `all ${fall.reason ?? ''}`;
    const before = byReason.get(id);
    byReason.set(id, {
      key: before?.key ?? fall.key,
      delta: (before?.delta ?? 0) + fall.delta,
      name: before === undefined ? fall.name : null,
      districts: (before?.districts ?? 0) + fall.districts,
      reason: fall.reason,
    });
  }
  return byReason;
}
