import { PUBLIC_PLACES } from '#server/domain/metrics/ranking.ts';
import type { LeadersFrame as LeadersFrameShape } from '#server/live/frame.ts';
import { LEADERS_MAX } from '#server/live/make-leaders-frame.ts';
import { AreaTotals, originFields } from './area-totals.ts';
import { AreaLevel, badInput } from './areas.ts';
import { builder, PUBLIC, SHARED } from './builder.ts';

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
        description: 'The first of them, in their order; in public they end with the seventh.',
        resolve: (frame, _args, context) => {
          const first = context.audience === 'public' ? Math.min(frame.first, PUBLIC_PLACES) : frame.first;
          return frame.leaders
            .slice(0, first)
            .map(({ area, place }) => ({ area, frame, place: () => place }));
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
        description: `How many, at most ${LEADERS_MAX}; in public 7.`,
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
