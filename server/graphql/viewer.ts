import { type Actor, ROLES } from '#server/domain/access/policy.ts';
import { Area } from './areas.ts';
import { builder } from './builder.ts';
import { unauthenticated } from './errors.ts';

const RoleEnum = builder.enumType('Role', {
  description: 'What an account may do is decided by its role, inside its area.',
  values: ROLES,
});

const Viewer = builder.objectRef<Actor>('Viewer').implement({
  description: 'Who asks.',
  fields: (t) => ({
    role: t.expose('role', { type: RoleEnum, description: 'What it may do.' }),
    area: t.field({
      type: Area,
      description: 'The area it answers for.',
      resolve: ({ areaCode }, _args, { services }) => services.areas.byCode(areaCode) ?? services.areas.city,
    }),
    username: t.string({
      description: 'The name of the account.',
      resolve: async ({ principalId }, _args, { services }) =>
        (await services.prisma.principal.findUniqueOrThrow({ where: { id: principalId } })).username,
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description: 'The account that asks.',
    resolve: (_root, _args, { actor }) => {
      if (!actor) throw unauthenticated();
      return actor;
    },
  }),
);
