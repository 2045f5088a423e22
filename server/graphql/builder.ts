import SchemaBuilder from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import SubGraphPlugin from '@pothos/plugin-sub-graph';
import type PrismaTypes from '#prisma/generated/pothos-types.ts';
import { getDatamodel } from '#prisma/generated/pothos-types.ts';
import { scopedToArea } from '#server/store/scoped.ts';
import type { Context } from './context.ts';

/**
 * One builder, two schemas. A type is for staff unless it says that it is public; what is public is in both.
 * Sub-graphs drop what does not fit without a word, so the schemas are validated and printed where they are built.
 */
export const builder = new SchemaBuilder<{
  Context: Context;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  SubGraphs: 'public' | 'staff';
  Scalars: {
    /** `yyyy-mm-dd`. */
    Date: { Input: string; Output: string };
    /** Milliseconds of program time inside, ISO 8601 in UTC outside. */
    DateTime: { Input: number; Output: number };
    ID: { Input: string; Output: string };
  };
}>({
  plugins: [SubGraphPlugin, RelayPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  subGraphs: { defaultForTypes: ['staff'], fieldsInheritFromTypes: true },
  relay: {
    brandLoadedObjects: true,
    idFieldOptions: { description: 'Opaque, and the same for good: never taken apart by a client.' },
    nodeTypeOptions: { subGraphs: ['public', 'staff'], description: 'Whatever has an `id` of its own.' },
    nodeQueryOptions: {
      subGraphs: ['staff'],
      nullable: true,
      description: 'What has this `id`; null where there is none, or none for this reader.',
    },
    nodesQueryOptions: false,
  },
  prisma: {
    client: (context) => scopedToArea(context.services.prisma, context.actor?.areaCode ?? null),
    dmmf: getDatamodel(),
    onUnusedQuery: 'error',
  },
});

/** Said by whatever is for everyone. */
export const PUBLIC: ('public' | 'staff')[] = ['public', 'staff'];

/** Extensions of a subscription field whose answer depends on audience, arguments and frame, and on nothing else. */
export const SHARED = { isShared: true } as const;

builder.queryType({ subGraphs: PUBLIC, defaultSubGraphsForFields: ['staff'] });
builder.mutationType({ subGraphs: ['staff'] });
builder.subscriptionType({ subGraphs: PUBLIC, defaultSubGraphsForFields: ['staff'] });
