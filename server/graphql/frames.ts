import type { AreaLevel as Level } from '#server/domain/areas/area-code.ts';
import type { Area as AreaShape } from '#server/domain/areas/area-index.ts';
import { PUBLIC_PLACES, rank } from '#server/domain/metrics/ranking.ts';
import type { AreaFigures } from '#server/live/figures.ts';
import type { Frame } from '#server/live/frame.ts';
import type { Movement as MovementShape } from '#server/live/movements.ts';
import { PARTS_LIMIT } from '#server/live/topic.ts';
import { Area, AreaLevel, badInput, findArea, isVisible } from './areas.ts';
import { builder, PUBLIC } from './builder.ts';
import type { Context, Services } from './context.ts';
import { ProgramMode } from './program.ts';
import { Totals } from './totals.ts';

const FrameKind = builder.enumType('FrameKind', {
  subGraphs: PUBLIC,
  description: 'Why a frame was sent. Each holds the whole state.',
  values: {
    SNAPSHOT: { description: 'To a newcomer, and to everyone on a new epoch.' },
    UPDATE: { description: 'A figure in it changed.' },
    HEARTBEAT: {
      description: 'Nothing changed for five seconds, and the last look at the database succeeded.',
    },
    FROZEN: { description: 'The figures are held by the director.' },
    SUSPENDED: { description: 'The sums disagree: shown is the last good state.' },
  } as const,
});

const FallReason = builder.enumType('FallReason', {
  subGraphs: PUBLIC,
  description: 'Why a figure fell, as coarse as a public word must be.',
  values: {
    DATA_CORRECTION: { description: 'Entered twice, in error, or not eligible.' },
    LEFT_PROGRAM: { description: 'Moved away, died, or asked to leave.' },
  } as const,
});

const Movement = builder.objectRef<MovementShape>('Movement').implement({
  subGraphs: PUBLIC,
  description:
    'How many came in, or were taken out, in one area by one revision. By place and number, never by person.',
  fields: (t) => ({
    revision: t.exposeInt('revision', { description: 'The commit that moved the figure.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was committed.' }),
    area: t.field({
      type: Area,
      description: 'Where, one level below the area that is followed.',
      resolve: (movement, _args, { services }) => areaOf(services, movement.areaId),
    }),
    delta: t.exposeInt('delta', { description: 'The change of `enrolled`.' }),
    reason: t.field({
      type: FallReason,
      nullable: true,
      description: 'Why the figure fell; null for a rise.',
      resolve: ({ reason }) => {
        if (reason === null) return null;
        const isMistake =
          reason === 'DUPLICATE' || reason === 'ENTERED_IN_ERROR' || reason === 'NOT_ELIGIBLE';
        return isMistake ? 'DATA_CORRECTION' : 'LEFT_PROGRAM';
      },
    }),
  }),
});

interface Placed {
  readonly area: AreaFigures;
  readonly frame: Frame;
}

const AreaTotals = builder.objectRef<Placed>('AreaTotals').implement({
  subGraphs: PUBLIC,
  description: 'An area in a frame. Every area of a frame has the same revision.',
  fields: (t) => ({
    area: t.field({
      type: Area,
      description: 'Which area.',
      resolve: ({ area }, _args, { services }) => areaOf(services, area.areaId),
    }),
    totals: t.field({
      type: Totals,
      description: 'Where it stands at the revision of the frame.',
      resolve: ({ area, frame }) => ({ revision: frame.revision, asOf: frame.revisionAt, ...area }),
    }),
    rank: t.int({
      nullable: true,
      description:
        'Place among its siblings by achievement, equals sharing one; null without a target, for the city, and in public after the seventh.',
      resolve: ({ area, frame }, _args, context) => {
        const place = ranksOf(frame, context.services).get(area.areaId) ?? null;
        return context.audience === 'public' && place !== null && place > PUBLIC_PLACES ? null : place;
      },
    }),
  }),
});

const TotalsFrame = builder.objectRef<Frame>('TotalsFrame').implement({
  subGraphs: PUBLIC,
  description: 'The state of an area and its parts at one revision: a newer frame replaces an older one.',
  fields: (t) => ({
    epoch: t.exposeID('epoch', {
      description: 'On a new epoch forget what was shown and take the snapshot.',
    }),
    revision: t.exposeInt('revision', { description: 'Never goes back within an epoch.' }),
    kind: t.expose('kind', { type: FrameKind, description: 'Why it was sent.' }),
    mode: t.expose('mode', { type: ProgramMode, description: 'Whether real people are counted.' }),
    isLoading: t.exposeBoolean('isLoading', {
      description: 'True while the opening figures are still being loaded.',
    }),
    asOf: t.expose('asOf', {
      type: 'DateTime',
      description: 'The last successful look at the database: how old the picture is.',
    }),
    committedAt: t.expose('committedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The oldest commit an UPDATE brings; null on other kinds.',
    }),
    sourceCutOff: t.expose('sourceCutOff', {
      type: 'Date',
      nullable: true,
      description: 'The day up to which files of the agency have come in.',
    }),
    whole: t.field({
      type: AreaTotals,
      description: 'The area that is followed.',
      resolve: (frame) => ({ area: frame.whole, frame }),
    }),
    parts: t.field({
      type: [AreaTotals],
      description: 'The parts asked for, by code.',
      resolve: (frame) => frame.parts.map((area) => ({ area, frame })),
    }),
    recent: t.expose('recent', {
      type: [Movement],
      description:
        'The newest movements one level down, newest first: at most 8 rises and 4 falls of the last 64 revisions.',
    }),
  }),
});

builder.subscriptionField('totalsChanged', (t) =>
  t.field({
    type: TotalsFrame,
    subGraphs: PUBLIC,
    description:
      'Live figures of an area, the city by default: begins with a SNAPSHOT, then state whenever it changes.',
    args: {
      area: t.arg.string({ description: 'Its code.' }),
      parts: t.arg({ type: AreaLevel, description: `A level below it, at most ${PARTS_LIMIT} parts.` }),
    },
    subscribe: (_root, args, context) => {
      const area =
        args.area === null || args.area === undefined
          ? context.services.areas.city
          : findArea(context, args.area);
      const parts = args.parts ?? null;
      if (!area || !maySeeParts(context, area, parts)) {
        throw badInput('There is no such area, or none with such parts, for this reader.');
      }
      const follower = context.services.live.hub.follow({ areaCode: area.code, parts }, context.audience);
      if (!follower) throw badInput(`These are more than ${PARTS_LIMIT} parts: ask for a smaller area.`);
      return follower;
    },
    resolve: (frame) => frame,
  }),
);

const DEPTH: Readonly<Record<Level, number>> = { CITY: 0, DISTRICT: 1, VILLAGE: 2, NEIGHBORHOOD: 3 };

function maySeeParts(context: Context, area: AreaShape, parts: Level | null): boolean {
  if (parts === null) return true;
  if (DEPTH[parts] <= DEPTH[area.level]) return false;
  if (parts === 'DISTRICT') return true;
  const child = context.services.areas.childrenOf(area)[0];
  return area.level === 'CITY'
    ? isVisibleBelowDistricts(context)
    : child !== undefined && isVisible(context, child);
}

/** Parts below all of the city's districts are for those who answer for the whole city. */
function isVisibleBelowDistricts(context: Context): boolean {
  return context.audience === `staff:${context.services.areas.city.code}`;
}

function areaOf(services: Services, id: number): AreaShape {
  const area = services.areas.byId(id);
  if (!area) throw new Error(`Area ${id} is not in the index.`);
  return area;
}

const ranks = new WeakMap<Frame, ReadonlyMap<number, number | null>>();

/** Places of everyone in the frame among their siblings, worked out once per frame. */
function ranksOf(frame: Frame, services: Services): ReadonlyMap<number, number | null> {
  const known = ranks.get(frame);
  if (known) return known;
  const places = new Map<number, number | null>();
  const families = new Map<number | null, AreaFigures[]>();
  for (const area of [...frame.peers, ...frame.parts]) {
    const { parentId } = areaOf(services, area.areaId);
    families.set(parentId, [...(families.get(parentId) ?? []), area]);
  }
  for (const family of families.values()) {
    const contenders = family.map(({ areaId, figures }) => ({
      areaId,
      code: areaOf(services, areaId).code,
      enrolled: figures.enrolled,
      target: figures.target,
    }));
    const byCode = rank(contenders);
    for (const { areaId, code } of contenders) places.set(areaId, byCode.get(code) ?? null);
  }
  ranks.set(frame, places);
  return places;
}
