/**
 * Makes a picture of what came from outside the socket: the browser's storage, or `/totals.json`. It reads field by
 * field and takes nothing else along; what lacks a field or has it of another kind is no picture and gives null. The
 * types hold these readers to the documents: a field that is asked for and not read here does not compile.
 */
import type { LeadersFragment, PictureFragment } from '#client/wire/generated/graphql.ts';

/** Throws where the value is not what it reads. */
type Read<T> = (value: unknown) => T;

const mostInAList = 300;

export function readPicture(value: unknown): PictureFragment | null {
  return orNothing(picture, value);
}

export function readLeaders(value: unknown): LeadersFragment | null {
  return orNothing(leaders, value);
}

function orNothing<T>(read: Read<T>, value: unknown): T | null {
  try {
    return read(value);
  } catch {
    return null;
  }
}

const text: Read<string> = (value) => (typeof value === 'string' ? value : wrong());
const isTrue: Read<boolean> = (value) => (typeof value === 'boolean' ? value : wrong());
const whole: Read<number> = (value) => (Number.isSafeInteger(value) ? (value as number) : wrong());
const count: Read<number> = (value) => (whole(value) >= 0 ? (value as number) : wrong());
const moment: Read<string> = (value) => (Number.isNaN(Date.parse(text(value))) ? wrong() : text(value));

function wrong(): never {
  throw new Error('no picture');
}

function oneOf<T extends string>(...words: readonly T[]): Read<T> {
  return (value) => words.find((word) => word === value) ?? wrong();
}

function orNull<T>(read: Read<T>): Read<T | null> {
  return (value) => (value === null ? null : read(value));
}

function list<T>(read: Read<T>): Read<T[]> {
  return (value) => (Array.isArray(value) && value.length <= mostInAList ? value.map(read) : wrong());
}

function fields<T extends object>(readers: { readonly [K in keyof T]: Read<T[K]> }): Read<T> {
  const entries = Object.entries(readers) as [keyof T & string, Read<T[keyof T]>][];
  return (value) => {
    if (typeof value !== 'object' || value === null) return wrong();
    const found = value as Record<string, unknown>;
    return Object.fromEntries(entries.map(([name, read]) => [name, read(found[name])])) as T;
  };
}

const head = {
  epoch: text,
  revision: count,
  kind: oneOf('SNAPSHOT', 'UPDATE', 'HEARTBEAT', 'FROZEN', 'SUSPENDED'),
  mode: oneOf('DEMO', 'LIVE', 'REHEARSAL'),
  isLoading: isTrue,
  asOf: moment,
  sourceCutOff: orNull(text),
};

const named = fields({ code: text, name: text });
const short = fields({ code: text, shortName: text });
const reached = fields({ enrolled: count, target: count });

const cell = orNull(count);
const persistency = fields({
  tooNew: cell,
  stopped: cell,
  paying: cell,
  inArrears: cell,
  lapsed: cell,
  resumed: cell,
});

const picture = fields<PictureFragment>({
  __typename: oneOf('TotalsFrame'),
  ...head,
  whole: fields({
    area: named,
    totals: fields({
      enrolled: count,
      target: count,
      gap: count,
      monthsPaid: orNull(fields({ one: cell })),
      persistency: orNull(persistency),
    }),
  }),
  parts: list(fields({ rank: orNull(count), area: short, totals: reached })),
  recent: list(
    fields({
      revision: count,
      delta: whole,
      reason: orNull(oneOf('DATA_CORRECTION', 'LEFT_PROGRAM')),
      area: named,
    }),
  ),
});

const leaders = fields<LeadersFragment>({
  __typename: oneOf('LeadersFrame'),
  ...head,
  level: oneOf('CITY', 'DISTRICT', 'VILLAGE', 'NEIGHBORHOOD'),
  contenders: count,
  leaders: list(
    fields({
      rank: orNull(count),
      area: fields({ code: text, name: text, shortName: text, parent: orNull(fields({ name: text })) }),
      totals: reached,
    }),
  ),
});
