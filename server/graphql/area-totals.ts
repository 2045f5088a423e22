import type { Area as AreaShape } from '#server/domain/areas/area-index.ts';
import { PUBLIC_PLACES } from '#server/domain/metrics/ranking.ts';
import type { AreaFigures } from '#server/live/figures.ts';
import type { FrameOrigin } from '#server/live/frame.ts';
import { Area } from './areas.ts';
import { builder, PUBLIC } from './builder.ts';
import type { Services } from './context.ts';
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

/** An area in a frame. */
interface Placed {
  readonly area: AreaFigures;
  readonly frame: FrameOrigin;
  /** Places of all areas of the frame, by id, worked out when one is asked for. */
  readonly places: (services: Services) => ReadonlyMap<number, number | null>;
}

export const AreaTotals = builder.objectRef<Placed>('AreaTotals').implement({
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
      resolve: ({ area, places }, _args, context) => {
        const place = places(context.services).get(area.areaId) ?? null;
        return context.audience === 'public' && place !== null && place > PUBLIC_PLACES ? null : place;
      },
    }),
  }),
});

type FieldsOf<F> = PothosSchemaTypes.ObjectFieldBuilder<typeof builder.$inferSchemaTypes, F>;

/** What every frame says of itself, whatever it is about. */
export function originFields<F extends FrameOrigin>(t: FieldsOf<F>) {
  return {
    epoch: t.id({
      description: 'On a new epoch forget what was shown and take the snapshot.',
      resolve: (frame) => frame.epoch,
    }),
    revision: t.int({
      description: 'Never goes back within an epoch.',
      resolve: (frame) => frame.revision,
    }),
    kind: t.field({ type: FrameKind, description: 'Why it was sent.', resolve: (frame) => frame.kind }),
    mode: t.field({
      type: ProgramMode,
      description: 'Whether real people are counted.',
      resolve: (frame) => frame.mode,
    }),
    isLoading: t.boolean({
      description: 'True while the opening figures are still being loaded.',
      resolve: (frame) => frame.isLoading,
    }),
    asOf: t.field({
      type: 'DateTime',
      description: 'The last successful look at the database: how old the picture is.',
      resolve: (frame) => frame.asOf,
    }),
    committedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The oldest commit an UPDATE brings; null on other kinds.',
      resolve: (frame) => frame.committedAt,
    }),
    sourceCutOff: t.field({
      type: 'Date',
      nullable: true,
      description: 'The day up to which files of the agency have come in.',
      resolve: (frame) => frame.sourceCutOff,
    }),
  };
}

export function areaOf(services: Services, id: number): AreaShape {
  const area = services.areas.byId(id);
  if (!area) throw new Error(`Area ${id} is not in the index.`);
  return area;
}
