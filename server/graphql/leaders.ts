import { PUBLIC_PLACES } from '#server/domain/metrics/ranking.ts';
import type { LeadersFrame as LeadersFrameShape } from '#server/live/frame.ts';
import { LEADERS_MAX } from '#server/live/make-leaders-frame.ts';
import { AreaTotals, originFields } from './area-totals.ts';
import { AreaLevel, badInput } from './areas.ts';
import { builder, PUBLIC, SHARED } from './builder.ts';
import { scopeOf } from './context.ts';

const LeadersFrame = builder
  .objectRef<LeadersFrameShape & { readonly first: number }>('LeadersFrame')
  .implement({
    subGraphs: PUBLIC,
    description:
      'Who leads in the city at one level, at one revision. The rule: achievement, then enrolled, then code.',
    fields: (t) => ({
      ...originFields(t),
      level: t.expose('level', { type: AreaLevel, description: 'Who competes.' }),
      contenders: t.exposeInt('contenders', { description: 'How many compete: those with a target.' }),
      leaders: t.field({
        type: [AreaTotals],
        description:
          'The first of them, in their order; for a reader who does not answer for the city they end with the seventh.',
        resolve: (frame, _args, context) => {
          const answersForCity = scopeOf(context.audience) === context.services.areas.city.code;
          const first = answersForCity ? frame.first : Math.min(frame.first, PUBLIC_PLACES);
          const byId = new Map(frame.leaders.map(({ area, place }) => [area.areaId, place]));
          const places = () => byId;
          return frame.leaders.slice(0, first).map(({ area }) => ({ area, frame, places }));
        },
      }),
    }),
  });

builder.subscriptionField('leadersChanged', (t) =>
  t.field({
    extensions: SHARED,
    type: LeadersFrame,
    subGraphs: PUBLIC,
    description: 'Live places in the whole city: begins with a SNAPSHOT, then state whenever figures change.',
    args: {
      level: t.arg({ type: AreaLevel, required: true, description: 'Districts, villages or neighborhoods.' }),
      first: t.arg.int({
        defaultValue: PUBLIC_PLACES,
        description: `How many, at most ${LEADERS_MAX}; 7 for a reader who does not answer for the city.`,
      }),
    },
    subscribe: (_root, { level, first }, { services, audience }) => {
      const follower = services.live.leaders.follow(level, audience);
      if (!follower)
        throw badInput('Nobody competes at this level: ask for districts, villages or neighborhoods.');
      if (first === null || first === undefined || first < 1 || first > LEADERS_MAX) {
        void follower.return?.();
        throw badInput(`Ask for 1 to ${LEADERS_MAX} leaders.`);
      }
      return follower as AsyncIterable<LeadersFrameShape>;
    },
    resolve: (frame, { first }) => ({ ...frame, first: first ?? PUBLIC_PLACES }),
  }),
);
