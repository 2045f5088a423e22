import { REFUSAL_CODES, type RefusalName, type Refusal as RefusalShape } from '#server/base/refusal.ts';
import { catalog, type TextKey } from '#texts/catalog.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';

const RefusalCode = builder.enumType('RefusalCode', {
  description: 'The kind of a refusal, for clients that do not switch on its type.',
  values: Object.values(REFUSAL_CODES),
});

const Refusal = builder.interfaceRef<RefusalShape>('Refusal').implement({
  description: 'An expected no. Nothing was changed by the command that got it.',
  fields: (t) => ({
    code: t.field({
      type: RefusalCode,
      description: 'The same that the type says, as a word.',
      resolve: (refusal) => REFUSAL_CODES[refusal.refusal],
    }),
    message: t.string({
      description: 'What is wrong and what to do, in the language of the request.',
      resolve: (refusal, _args, context) => refusalText(refusal, context),
    }),
    field: t.exposeString('field', {
      nullable: true,
      description: "The input's field it is about; null for the whole.",
    }),
  }),
});

const refusalType = (name: RefusalName, description: string) =>
  builder.objectRef<RefusalShape>(name).implement({
    description,
    interfaces: [Refusal],
    isTypeOf: (value) => (value as Partial<RefusalShape>).refusal === name,
  });

export const InvalidNik = refusalType('InvalidNik', 'The identity number cannot be one.');
export const InvalidInput = refusalType('InvalidInput', 'A field has a value that cannot be.');
export const UnknownNeighborhood = refusalType(
  'UnknownNeighborhood',
  'There is no such neighborhood, or none that this account answers for.',
);
export const DuplicateEnrollment = refusalType(
  'DuplicateEnrollment',
  'The person is enrolled already and counts once. By whom is not said.',
);
export const UnknownEnrollment = refusalType('UnknownEnrollment', 'There is no such enrollment.');
export const AlreadyWithdrawn = refusalType('AlreadyWithdrawn', 'The enrollment was withdrawn before.');
export const NotPermitted = refusalType('NotPermitted', 'This account may not do this.');
export const IdempotencyConflict = refusalType(
  'IdempotencyConflict',
  'The same key was used before with another input.',
);
export const ProgramNotOpen = refusalType('ProgramNotOpen', 'The opening figures are still being loaded.');

/** The most particular text there is for a refusal. */
function refusalText(refusal: RefusalShape, context: Pick<Context, 'language'>): string {
  const names = [`refusal.${refusal.refusal}.${refusal.problem}`, `refusal.${refusal.refusal}`];
  const key = names.find((name): name is TextKey => name in catalog);
  if (!key) throw new Error(`The catalog has no text for ${refusal.refusal}.`);
  return catalog[key][context.language];
}
