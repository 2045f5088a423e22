import { rate } from '#server/domain/metrics/rates.ts';
import type { Coverage as CoverageShape, Program as ProgramShape } from '#server/ledger/program.ts';
import { Area } from './areas.ts';
import { builder, PUBLIC } from './builder.ts';

export const ProgramMode = builder.enumType('ProgramMode', {
  subGraphs: PUBLIC,
  description: 'DEMO and REHEARSAL count made-up people and say so wherever they appear.',
  values: ['DEMO', 'LIVE', 'REHEARSAL'] as const,
});

const Coverage = builder.objectRef<CoverageShape>('Coverage').implement({
  subGraphs: PUBLIC,
  description:
    "How much of the city's labor force is protected, of whatever program. Never mixed with this program's own base.",
  fields: (t) => ({
    protected: t.exposeInt('protected', { description: 'People protected.' }),
    laborForce: t.exposeInt('laborForce', { description: 'People in the labor force.' }),
    rate: t.float({
      description: 'protected / laborForce, computed and unrounded.',
      resolve: (coverage) => rate(coverage.protected, coverage.laborForce) ?? 0,
    }),
    quotedRate: t.exposeFloat('quotedRate', {
      nullable: true,
      description:
        'The rate as the source printed it; kept as a quote, even where it disagrees with the division.',
    }),
    source: t.exposeString('source', { description: 'Who published both numbers.' }),
    asOf: t.expose('asOf', { type: 'Date', description: 'The day that the source speaks of.' }),
  }),
});

const Program = builder.objectRef<ProgramShape>('Program');

builder.node(Program, {
  subGraphs: PUBLIC,
  description:
    'The program that is counted: each neighborhood head registers at least a given number of informal workers.',
  id: { resolve: (program) => program.code },
  loadOne: (code, { services }) => (services.live.program.code === code ? services.live.program : null),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What the program is called.' }),
    mode: t.expose('mode', { type: ProgramMode, description: 'Whether real people are counted.' }),
    epoch: t.exposeID('epoch', {
      description: "The ledger's identity; revisions of different epochs do not compare.",
    }),
    now: t.field({
      type: 'DateTime',
      description:
        'Program time. The demonstration lives on the morning of 29 October 2025 and goes on from there.',
      resolve: (_program, _args, { services }) => services.live.now(),
    }),
    city: t.field({
      type: Area,
      description: 'The city whose neighborhoods take part.',
      resolve: (_program, _args, { services }) => services.areas.city,
    }),
    targetPerNeighborhood: t.exposeInt('targetPerNeighborhood', {
      description: 'People each neighborhood is to register at least.',
    }),
    startsOn: t.expose('startsOn', {
      type: 'Date',
      description: 'The first day on which anybody could enroll.',
    }),
    targetOn: t.expose('targetOn', {
      type: 'Date',
      nullable: true,
      description: 'A deadline, where one was published.',
    }),
    sourceCutOff: t.expose('sourceCutOff', {
      type: 'Date',
      nullable: true,
      description: 'The day up to which files of the agency have come in.',
    }),
    coverage: t.expose('coverage', { type: Coverage, description: "The city's labor force as a whole." }),
  }),
});

builder.queryField('program', (t) =>
  t.field({
    type: Program,
    subGraphs: PUBLIC,
    description: 'The program of this server.',
    resolve: (_root, _args, { services }) => services.live.program,
  }),
);
