import type { Actor } from '#server/domain/access/policy.ts';
import { type Counted, enroll } from '#server/domain/enrollments/enroll.ts';
import { withdraw } from '#server/domain/enrollments/withdraw.ts';
import { scopedToArea } from '#server/store/scoped.ts';
import { Area } from './areas.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { unauthenticated } from './errors.ts';
import {
  AlreadyWithdrawn,
  DuplicateEnrollment,
  IdempotencyConflict,
  InvalidInput,
  InvalidNik,
  NotPermitted,
  ProgramNotOpen,
  UnknownEnrollment,
  UnknownNeighborhood,
} from './refusals.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NO_ENROLLMENT = '00000000-0000-0000-0000-000000000000';

const EnrollmentStatus = builder.enumType('EnrollmentStatus', {
  description: 'PENDING waits for verification and is not counted as enrolled.',
  values: ['PENDING', 'ENROLLED', 'WITHDRAWN'] as const,
});

const WithdrawReason = builder.enumType('WithdrawReason', {
  description: 'Why an enrollment is taken out of the count.',
  values: {
    DUPLICATE: { description: 'The person is enrolled under another number too.' },
    ENTERED_IN_ERROR: { description: 'It should not have been entered.' },
    NOT_ELIGIBLE: { description: 'The person is not an informal worker of this city.' },
    MOVED_AWAY: { description: 'The person left the city.' },
    DECEASED: { description: 'The person died.' },
    OWN_REQUEST: { description: 'The person asked for it.' },
  } as const,
});

const ENROLLMENT_FIELDS = { id: true, neighborhoodId: true, status: true, enrolledOn: true } as const;

const Enrollment = builder.prismaNode('Enrollment', {
  description:
    "A person's place in the count, credited to one neighborhood. Holds nothing that names the person.",
  id: { field: 'id' },
  select: ENROLLMENT_FIELDS,
  fields: (t) => ({
    status: t.field({
      type: EnrollmentStatus,
      description: 'Whether it counts.',
      resolve: (enrollment) => enrollment.status,
    }),
    enrolledOn: t.field({
      type: 'Date',
      description: 'The day on which the person enrolled.',
      resolve: (enrollment) => enrollment.enrolledOn.toISOString().slice(0, 10),
    }),
    neighborhood: t.field({
      type: Area,
      description: 'The neighborhood that it is credited to.',
      resolve: ({ neighborhoodId }, _args, { services }) => {
        const area = services.areas.byId(neighborhoodId);
        if (!area) throw new Error(`Area ${neighborhoodId} is not in the index.`);
        return area;
      },
    }),
  }),
});

const payload = (name: string, description: string) =>
  builder.objectRef<Counted>(name).implement({
    description,
    isTypeOf: (value) => typeof value === 'object' && value !== null && 'enrollmentId' in value,
    fields: (t) => ({
      enrollment: t.field({
        type: Enrollment,
        description: 'The enrollment as it now stands.',
        resolve: (counted, _args, context) => enrollmentOf(counted, context),
      }),
      revision: t.exposeInt('revision', {
        description: 'The commit that counted it: `totals(atLeast:)` shows it.',
      }),
    }),
  });

const EnrollResult = builder.unionType('EnrollResult', {
  description: 'What became of an enrollment.',
  types: [
    payload('EnrollPayload', 'The person is counted, or waits for verification, durably.'),
    InvalidNik,
    InvalidInput,
    UnknownNeighborhood,
    DuplicateEnrollment,
    NotPermitted,
    IdempotencyConflict,
    ProgramNotOpen,
  ],
});

const WithdrawResult = builder.unionType('WithdrawResult', {
  description: 'What became of a withdrawal.',
  types: [
    payload('WithdrawPayload', 'The enrollment is out of the count, durably.'),
    UnknownEnrollment,
    AlreadyWithdrawn,
    InvalidInput,
    NotPermitted,
    IdempotencyConflict,
    ProgramNotOpen,
  ],
});

const EnrollInput = builder.inputType('EnrollInput', {
  description: 'One person to enroll.',
  fields: (t) => ({
    idempotencyKey: t.id({
      required: true,
      description:
        'A name of your own for this command, at most 128 characters: the same key and input get the first answer again, for 30 days.',
    }),
    neighborhood: t.string({ required: true, description: 'Its code, `12.71.14.1001-007`.' }),
    nik: t.string({
      required: true,
      description: 'Sixteen digits; spaces and dots between them are let pass.',
    }),
    name: t.string({ required: true, description: 'As on the identity card; kept encrypted.' }),
    birthDate: t.field({ type: 'Date', description: 'Kept encrypted.' }),
    occupation: t.string({ description: 'What the person lives by; kept encrypted.' }),
    phone: t.string({ description: 'Kept encrypted.' }),
    enrolledOn: t.field({ type: 'Date', description: "The program's today where it is missing." }),
  }),
});

const WithdrawInput = builder.inputType('WithdrawInput', {
  description: 'One enrollment to take out of the count.',
  fields: (t) => ({
    idempotencyKey: t.id({
      required: true,
      description: 'A name of your own for this command, as in `EnrollInput`.',
    }),
    enrollment: t.id({ required: true, description: 'The `id` of the enrollment.' }),
    reason: t.field({ type: WithdrawReason, required: true, description: 'Kept with the entry for good.' }),
    note: t.string({ description: 'At most 500 characters; kept encrypted.' }),
  }),
});

builder.mutationFields((t) => ({
  enroll: t.field({
    type: EnrollResult,
    description: 'Enrolls one person. The answer comes after the commit.',
    args: { input: t.arg({ type: EnrollInput, required: true }) },
    resolve: (_root, { input: { idempotencyKey, ...person } }, context) =>
      enroll(context.services.intake, actorOf(context), idempotencyKey, person),
  }),
  withdraw: t.field({
    type: WithdrawResult,
    description: 'Takes one enrollment out of the count, with a reason. The enrollment stays in the books.',
    args: { input: t.arg({ type: WithdrawInput, required: true }) },
    resolve: (_root, { input: { idempotencyKey, enrollment, ...input } }, context) =>
      withdraw(context.services.intake, actorOf(context), idempotencyKey, {
        ...input,
        enrollmentId: enrollmentIdOf(enrollment),
      }),
  }),
}));

function actorOf(context: Context): Actor {
  if (!context.actor) throw unauthenticated();
  return context.actor;
}

/** What was just written is known and costs no query; an answer given again is read as it stands today. */
function enrollmentOf({ enrollmentId, written }: Counted, { services, actor }: Context) {
  if (written) {
    const { neighborhoodId, status, enrolledOn } = written;
    return { id: enrollmentId, neighborhoodId, status, enrolledOn: new Date(enrolledOn) };
  }
  return scopedToArea(services.prisma, actor?.areaCode ?? null).enrollment.findUniqueOrThrow({
    where: { id: enrollmentId },
    select: ENROLLMENT_FIELDS,
  });
}

/** The row's id behind an opaque one. What is no enrollment's id finds none. */
function enrollmentIdOf(id: string): string {
  const [typename, rowId = ''] = Buffer.from(id, 'base64').toString('utf8').split(':');
  return typename === 'Enrollment' && UUID.test(rowId) ? rowId : NO_ENROLLMENT;
}
