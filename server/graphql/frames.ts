import { isVisibleLevel } from '#server/domain/access/visibility.ts';
import { rank } from '#server/domain/metrics/ranking.ts';
import type { AreaFigures } from '#server/live/figures.ts';
import type { Frame } from '#server/live/frame.ts';
import type { Movement as MovementShape } from '#server/live/movements.ts';
import { PARTS_LIMIT } from '#server/live/topic.ts';
import { AreaTotals, areaOf, originFields } from './area-totals.ts';
import { Area, AreaLevel, badInput, findArea, isVisible } from './areas.ts';
import { builder, PUBLIC, SHARED } from './builder.ts';
import { type Services, scopeOf } from './context.ts';

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

const TotalsFrame = builder.objectRef<Frame>('TotalsFrame').implement({
  subGraphs: PUBLIC,
  description: 'The state of an area and its parts at one revision: a newer frame replaces an older one.',
  fields: (t) => ({
    ...originFields(t),
    whole: t.field({
      type: AreaTotals,
      description: 'The area that is followed.',
      resolve: (frame) => ({ area: frame.whole, frame, places: placesOf(frame) }),
    }),
    parts: t.field({
      type: [AreaTotals],
      description: 'The parts asked for, by code.',
      resolve: (frame) => {
        const places = placesOf(frame);
        return frame.parts.map((area) => ({ area, frame, places }));
      },
    }),
    recent: t.field({
      type: [Movement],
      description:
        'The newest movements one level down, newest first: at most 8 rises and 4 falls, however long ago; none where those areas are not for this reader.',
      resolve: ({ recent }, _args, context) =>
        recent.filter(({ areaId }) => isVisible(context, areaOf(context.services, areaId))),
    }),
  }),
});

builder.subscriptionField('totalsChanged', (t) =>
  t.field({
    extensions: SHARED,
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
      if (
        !area ||
        (parts && !isVisibleLevel(context.services.areas, scopeOf(context.audience), area, parts))
      ) {
        throw badInput('There is no such area, or none with such parts, for this reader.');
      }
      const follower = context.services.live.hub.follow({ areaCode: area.code, parts }, context.audience);
      if (!follower) throw badInput(`These are more than ${PARTS_LIMIT} parts: ask for a smaller area.`);
      return follower;
    },
    resolve: (frame) => frame,
  }),
);

function placesOf(frame: Frame) {
  return (services: Services) => ranksOf(frame, services);
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
