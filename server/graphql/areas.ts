import { encodeGlobalID } from '@pothos/plugin-relay';
import { GraphQLError, type GraphQLSchema, isObjectType } from 'graphql';
import { maySeeArea } from '#server/domain/access/visibility.ts';
import { parseAreaCode } from '#server/domain/areas/area-code.ts';
import type { Area as AreaShape } from '#server/domain/areas/area-index.ts';
import { builder, PUBLIC } from './builder.ts';
import { type Context, scopeOf } from './context.ts';
import { Totals, type TotalsSource } from './totals.ts';

/** How long `atLeast` waits for a revision. */
const AT_LEAST_WAIT_MS = 1_000;

export const AreaLevel = builder.enumType('AreaLevel', {
  subGraphs: PUBLIC,
  description: 'City, kecamatan, kelurahan, lingkungan.',
  values: ['CITY', 'DISTRICT', 'VILLAGE', 'NEIGHBORHOOD'] as const,
});

export const Area = builder.objectRef<AreaShape>('Area');

builder.node(Area, {
  subGraphs: PUBLIC,
  description: 'A city, district (kecamatan), urban village (kelurahan) or neighborhood (lingkungan).',
  id: { resolve: (area) => area.code },
  loadOne: (code, context) => findArea(context, code),
  fields: (t) => ({
    code: t.exposeString('code', {
      description: 'Kemendagri code, `12.71.14`; a neighborhood is `12.71.14.1001-007`.',
    }),
    level: t.expose('level', { type: AreaLevel, description: 'How far down it stands.' }),
    name: t.exposeString('name', { description: 'Full name, `Medan Tembung`.' }),
    shortName: t.exposeString('shortName', { description: 'For tight places, `Tembung`.' }),
    abbreviation: t.exposeString('abbreviation', {
      nullable: true,
      description: 'Three letters; districts have one.',
    }),
    parent: t.field({
      type: Area,
      nullable: true,
      description: 'The area one level up; null for the city.',
      resolve: (area, _args, { services }) => services.areas.parentOf(area) ?? null,
    }),
    children: t.field({
      type: [Area],
      description:
        'The areas one level down that this reader may see, by code. In public they end at districts.',
      resolve: (area, _args, context) =>
        context.services.areas.childrenOf(area).filter((child) => isVisible(context, child)),
    }),
    totals: t.field({
      type: Totals,
      description: 'Where the area stands now, or stood: at most one of the arguments.',
      args: {
        asOf: t.arg({ type: 'DateTime', description: 'At this moment, as it was known then.' }),
        atRevision: t.arg.int({ description: 'At this revision of the present epoch.' }),
        atLeast: t.arg.int({
          description: 'Now, but not before this revision: waits up to a second to read your own write.',
        }),
      },
      resolve: resolveTotals,
    }),
  }),
});

/** Relay's own resolver of an `id` waits a moment, and nothing in a frame may: an area's is given at once. */
export function giveIdsAtOnce(schema: GraphQLSchema): void {
  const type = schema.getType('Area');
  const field = isObjectType(type) ? type.getFields().id : undefined;
  if (!field) throw new Error('An area has no id.');
  field.resolve = ({ code }: AreaShape) => encodeGlobalID('Area', code);
}

builder.queryField('area', (t) =>
  t.field({
    type: Area,
    nullable: true,
    subGraphs: PUBLIC,
    description: 'The area of this code; null where there is none, or none for this reader.',
    args: { code: t.arg.string({ required: true }) },
    resolve: (_root, { code }, context) => findArea(context, code),
  }),
);

export function isVisible(context: Context, area: AreaShape): boolean {
  return maySeeArea(context.services.areas, scopeOf(context.audience), area);
}

/** A foreign area and a missing one are the same: null. */
export function findArea(context: Context, text: string): AreaShape | null {
  const area = context.services.areas.byCode(parseAreaCode(text) ?? '');
  return area && isVisible(context, area) ? area : null;
}

export function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

async function resolveTotals(
  area: AreaShape,
  args: {
    asOf?: number | null | undefined;
    atRevision?: number | null | undefined;
    atLeast?: number | null | undefined;
  },
  { services, audience }: Context,
): Promise<TotalsSource> {
  const given = [args.asOf, args.atRevision, args.atLeast].filter(
    (value) => value !== null && value !== undefined,
  );
  if (given.length > 1) throw badInput('totals takes one of asOf, atRevision and atLeast, not several.');
  if (given.length === 0) return present(area, services);
  if (typeof args.atLeast === 'number') {
    if (await services.live.waitFor(args.atLeast, AT_LEAST_WAIT_MS)) return present(area, services);
    throw badInput(`Revision ${args.atLeast} is not there yet: the newest is ${services.live.revision}.`);
  }
  const { live, past: books } = services;
  const asker = audience === 'public' ? 'public' : 'staff';
  const revision = args.atRevision ?? (await books.revisionAt(asker, args.asOf ?? 0));
  const past = revision === null ? null : await books.totalsAt(asker, live.epoch, area, revision);
  if (past) return { areaId: area.id, ...past };
  throw badInput(
    typeof args.atRevision === 'number'
      ? `There is no revision ${args.atRevision}: the first is 1, the newest ${live.revision}.`
      : 'Nothing was posted by then: the program had not begun.',
  );
}

function present(area: AreaShape, services: Context['services']): TotalsSource {
  const found = services.live.totals(area.code);
  if (!found) throw new Error(`Area ${area.code} is not in memory.`);
  return { revision: found.revision, asOf: found.asOf, ...found.area };
}
