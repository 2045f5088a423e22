/**
 * What a document may ask for, on HTTP and on the socket alike. Each is a validation rule: a document past it is
 * refused before any resolver runs, and measured without being expanded, so that refusing is cheap too.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';
import { unauthenticated } from './errors.ts';
import { SUBSCRIPTION_RULES } from './subscription-rules.ts';

export const DOCUMENT_LIMITS = {
  /** Characters of a request's body and bytes of a socket's message are limited where they come in. */
  tokens: 2_000,
  depth: 8,
  aliases: 64,
  /** Characters of an alias: it is written once for each object in the answer. */
  aliasLength: 64,
  rootFields: 16,
  directives: 16,
  operations: 1,
  /** Totals of the past, each a question to the database. */
  pastTotals: 64,
  /** Values in the answer, by the number of areas there are: staff may ask the whole tree with every figure. */
  publicValues: 5_000,
  staffValues: 60_000,
  /** Values told about the schema itself, beside those of the answer. */
  introspected: 100_000,
} as const;

/** How many areas one level holds for each of the level above, counted from the city: 21, 151, 2,001. */
const CHILDREN = [21, 7.2, 13.3];
/** The most that one area holds, a village: what is taken wherever the level is not known, as after `parent`. */
const LARGEST_FAMILY = 29;
const UNKNOWN = -1;
/** How many each other list has at most; of a metric's rows as many as there are neighborhoods, a limit of its own apart. */
const LISTS: ReadonlyMap<string, number> = new Map([
  ['parts', 200],
  ['recent', 12],
  ['leaders', 50],
  ['rows', 2_001],
  ['columns', 10],
]);
/** How many the lists of introspection have, about: a schema of some sixty types. */
const INTROSPECTION_LISTS: ReadonlyMap<string, number> = new Map([
  ['types', 60],
  ['directives', 6],
  ['fields', 8],
  ['inputFields', 4],
  ['enumValues', 3],
  ['args', 1],
  ['interfaces', 1],
  ['possibleTypes', 2],
]);

/** The public schema has no mutations and none of their types: without this one would be told only that. */
const onlyStaffChange: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (node.operation === 'mutation') context.reportError(unauthenticated());
  },
});

interface Measure {
  readonly depth: number;
  readonly values: number;
  readonly introspected: number;
  readonly aliases: number;
  readonly aliasLength: number;
  readonly directives: number;
  readonly pastTotals: number;
}
const NOTHING: Measure = {
  depth: 0,
  values: 0,
  introspected: 0,
  aliases: 0,
  aliasLength: 0,
  directives: 0,
  pastTotals: 0,
};

/**
 * The rules a document has to pass besides the language's own (`specifiedRules`, which Apollo brings along and the
 * socket has to). `isOpen`: introspection is let pass.
 */
export function documentRules(audience: 'public' | 'staff', isOpen: boolean): readonly ValidationRule[] {
  const values = audience === 'public' ? DOCUMENT_LIMITS.publicValues : DOCUMENT_LIMITS.staffValues;
  const limits: ValidationRule = (context) => {
    const problem = findProblem(context.getDocument(), values);
    if (problem) context.reportError(new GraphQLError(problem, { extensions: { code: 'BAD_USER_INPUT' } }));
    return {};
  };
  const rules = [...(audience === 'public' ? [onlyStaffChange] : []), limits, ...SUBSCRIPTION_RULES];
  return isOpen ? rules : [...rules, NoSchemaIntrospectionCustomRule];
}

/** How many values an answer to the document has at most, by the number of areas there are. */
export function valuesOf(document: DocumentNode): number {
  const measure = createMeasure(fragmentsOf(document));
  return document.definitions.reduce(
    (sum, each) =>
      sum + (each.kind === 'OperationDefinition' ? measure(each.selectionSet, 0, false).values : 0),
    0,
  );
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === 'FragmentDefinition') fragments.set(definition.name.value, definition);
  }
  return fragments;
}

/** The first limit that a document passes, as a sentence; null where it passes none. */
function findProblem(document: DocumentNode, valuesLimit: number): string | null {
  const measure = createMeasure(fragmentsOf(document));
  const operations = document.definitions.filter((definition) => definition.kind === 'OperationDefinition');
  const { depth, aliases, aliasLength, rootFields, directives, introspected } = DOCUMENT_LIMITS;
  if (operations.length > DOCUMENT_LIMITS.operations)
    return say('operations', operations.length, DOCUMENT_LIMITS.operations);
  for (const operation of operations) {
    const found = measure(operation.selectionSet, 0, false);
    const roots = operation.selectionSet.selections.length;
    if (found.depth > depth) return say('levels of depth', found.depth, depth);
    if (found.aliases > aliases) return say('aliases', found.aliases, aliases);
    if (found.aliasLength > aliasLength)
      return say('characters in one alias', found.aliasLength, aliasLength);
    if (roots > rootFields) return say('root fields', roots, rootFields);
    if (found.directives > directives) return say('directives', found.directives, directives);
    if (found.pastTotals > DOCUMENT_LIMITS.pastTotals) {
      return say('totals of the past', Math.round(found.pastTotals), DOCUMENT_LIMITS.pastTotals);
    }
    if (found.introspected > introspected)
      return say('values about the schema', Math.round(found.introspected), introspected);
    if (found.values > valuesLimit) return say('values in the answer', Math.round(found.values), valuesLimit);
  }
  return null;
}

function say(what: string, found: number, limit: number): string {
  return `This document has ${found} ${what}; the limit is ${limit}. Ask for less, or in several requests.`;
}

/** Measures selections with each fragment looked at once per level of areas; a fragment inside itself counts as nothing. */
function createMeasure(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  const known = new Map<string, Measure>();

  const ofFragment = (name: string, level: number, isIntrospection: boolean): Measure => {
    const at = `${name} ${level} ${isIntrospection}`;
    const found = known.get(at);
    if (found) return found;
    known.set(at, NOTHING);
    const fragment = fragments.get(name);
    const measured = fragment ? ofSelections(fragment.selectionSet, level, isIntrospection) : NOTHING;
    known.set(at, measured);
    return measured;
  };

  const ofField = (field: FieldNode, level: number, isIntrospection: boolean): Measure => {
    const name = field.name.value;
    const isPast = name === 'totals' && (field.arguments?.length ?? 0) > 0;
    const own = {
      aliases: field.alias ? 1 : 0,
      aliasLength: field.alias?.value.length ?? 0,
      directives: field.directives?.length ?? 0,
      pastTotals: isPast ? 1 : 0,
    };
    // Introspection is deep by nature: the language's own rules limit how deep.
    if (isIntrospection || name.startsWith('__')) {
      const inner = field.selectionSet ? ofSelections(field.selectionSet, UNKNOWN, true) : NOTHING;
      return {
        ...NOTHING,
        values: isIntrospection ? 0 : 1,
        introspected: 1 + inner.introspected * (INTROSPECTION_LISTS.get(name) ?? 1),
        aliases: inner.aliases + own.aliases,
        aliasLength: Math.max(inner.aliasLength, own.aliasLength),
        directives: inner.directives + own.directives,
      };
    }
    if (!field.selectionSet) return { ...NOTHING, depth: 1, values: 1, ...own };
    const inner = ofSelections(field.selectionSet, levelWithin(name, level), false);
    const times = name === 'children' ? (CHILDREN[level] ?? LARGEST_FAMILY) : (LISTS.get(name) ?? 1);
    return {
      depth: inner.depth + 1,
      values: inner.values * times,
      introspected: inner.introspected * times,
      aliases: inner.aliases + own.aliases,
      aliasLength: Math.max(inner.aliasLength, own.aliasLength),
      directives: inner.directives + own.directives,
      pastTotals: inner.pastTotals * times + own.pastTotals,
    };
  };

  const ofSelections = (set: SelectionSetNode, level: number, isIntrospection: boolean): Measure =>
    set.selections.reduce<Measure>((sum, selection) => {
      const one =
        selection.kind === 'Field'
          ? ofField(selection, level, isIntrospection)
          : selection.kind === 'InlineFragment'
            ? ofSelections(selection.selectionSet, level, isIntrospection)
            : ofFragment(selection.name.value, level, isIntrospection);
      const spread = selection.kind === 'Field' ? 0 : (selection.directives?.length ?? 0);
      return {
        depth: Math.max(sum.depth, one.depth),
        values: sum.values + one.values,
        introspected: sum.introspected + one.introspected,
        aliases: sum.aliases + one.aliases,
        aliasLength: Math.max(sum.aliasLength, one.aliasLength),
        directives: sum.directives + one.directives + spread,
        pastTotals: sum.pastTotals + one.pastTotals,
      };
    }, NOTHING);

  return ofSelections;
}

/** The level of areas that a field's own selections stand on. The model stands no lower than the areas really do. */
function levelWithin(name: string, level: number): number {
  if (name === 'parent' || LISTS.has(name)) return UNKNOWN;
  return name === 'children' && level !== UNKNOWN ? level + 1 : level;
}
