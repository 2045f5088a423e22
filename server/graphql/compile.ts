/**
 * An execution that is prepared once and run for every frame. Which fields a selection comes to, with which arguments,
 * and what a directive leaves out hang on document and variables alone; graphql-js finds them out anew each time. What
 * is left is to call the resolvers and to write what they give as JSON at once, without the objects between.
 *
 * It writes the very bytes that graphql-js would, or nothing. Whatever is out of the ordinary (a resolver that throws,
 * waits or wants to know more of its place; a null where none may be; a type that is only known by its value) is left
 * to graphql-js, which executes all of it and says what there is to say. Resolvers of frames only read, so nothing is
 * done twice.
 */
import {
  defaultFieldResolver,
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getOperationAST,
  getVariableValues,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionNode,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';

/** Writes a whole answer, `{"data":{...}}`, for a root value; null where graphql-js has to. */
export type WriteAnswer = (rootValue: unknown) => string | null;

/** Writes a value as JSON. Throws where it is not what the type says. */
type Write = (value: unknown) => string;

interface FieldWriter {
  /** Name and colon, after a comma where it is not the first. */
  readonly prefix: string;
  readonly resolve: (source: unknown) => unknown;
  readonly write: Write;
}

class Unusual extends Error {}

export type Prepared = Pick<
  ExecutionArgs,
  'schema' | 'document' | 'operationName' | 'variableValues' | 'contextValue'
>;

/**
 * Null where the operation holds something that only graphql-js can execute. Anything that goes wrong here is such a
 * thing: all is looked at now, where graphql-js looks at what it comes to, and says what is wrong with it.
 */
export function compile(args: Prepared): WriteAnswer | null {
  let write: Write;
  try {
    write = new Compiler(args).operation();
  } catch {
    return null;
  }
  return (rootValue) => {
    try {
      return `{"data":${write(rootValue)}}`;
    } catch {
      return null;
    }
  };
}

class Compiler {
  readonly #args: Prepared;
  readonly #place = nowhere();
  readonly #variables: Record<string, unknown>;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(args: Prepared) {
    const { schema, document, operationName, variableValues } = args;
    const declared = getOperationAST(document, operationName)?.variableDefinitions ?? [];
    const { coerced } = getVariableValues(schema, declared, variableValues ?? {});
    if (!coerced) throw new Unusual('The variables are not what they were declared as.');
    this.#args = args;
    this.#variables = coerced;
    this.#fragments = new Map(
      document.definitions.flatMap((each) =>
        each.kind === 'FragmentDefinition' ? [[each.name.value, each]] : [],
      ),
    );
  }

  operation(): Write {
    const { schema, document, operationName } = this.#args;
    const operation = getOperationAST(document, operationName);
    const type = operation && schema.getRootType(operation.operation);
    if (!type) throw new Unusual('There is no such operation.');
    return this.#object(type, [operation.selectionSet]);
  }

  #type(type: GraphQLOutputType, selections: readonly SelectionSetNode[]): Write {
    if (isNonNullType(type)) return this.#present(type.ofType, selections);
    const write = this.#present(type, selections);
    return (value) => (value === null || value === undefined ? 'null' : write(value));
  }

  /** Of a value that has to be there. */
  #present(type: GraphQLOutputType, selections: readonly SelectionSetNode[]): Write {
    if (isListType(type)) return writeList(this.#type(type.ofType, selections));
    if (isLeafType(type)) return (value) => writeLeaf(atHand(type.serialize(atHand(value))));
    if (isObjectType(type)) return this.#object(type, selections);
    throw new Unusual('What type it is only its value tells.');
  }

  #object(type: GraphQLObjectType, selections: readonly SelectionSetNode[]): Write {
    const { contextValue } = this.#args;
    const fields = [...this.#fieldsOf(type, selections)].map(([name, nodes], index) =>
      this.#field(type, `${index === 0 ? '' : ','}${JSON.stringify(name)}:`, nodes),
    );
    return (source) => {
      atHand(source);
      if (type.isTypeOf && type.isTypeOf(source, contextValue, this.#place) !== true)
        throw new Unusual(`It is no ${type.name}.`);
      let text = '{';
      for (const { prefix, resolve, write } of fields) text += prefix + write(resolve(source));
      return `${text}}`;
    };
  }

  #field(parent: GraphQLObjectType, prefix: string, nodes: readonly FieldNode[]): FieldWriter {
    const [node] = nodes as [FieldNode];
    const name = node.name.value;
    if (name === '__typename') {
      const written = JSON.stringify(parent.name);
      return { prefix, resolve: () => null, write: () => written };
    }
    const field = parent.getFields()[name];
    if (!field) throw new Unusual(`${parent.name} has no ${name} of its own.`);
    const selections = nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
    return { prefix, resolve: this.#resolverOf(field, node), write: this.#type(field.type, selections) };
  }

  #resolverOf(field: GraphQLField<unknown, unknown>, node: FieldNode): (source: unknown) => unknown {
    const { contextValue } = this.#args;
    // One object for all frames: a resolver that changes it throws.
    const given = Object.freeze(getArgumentValues(field, node, this.#variables));
    const { name, resolve } = field;
    if (resolve && resolve !== defaultFieldResolver)
      return (source) => resolve(source, given, contextValue, this.#place);
    return (source) => {
      if (typeof source !== 'object') throw new Unusual(`${name} of what is no object.`);
      const found = (source as Record<string, unknown>)[name];
      if (typeof found === 'function') throw new Unusual(`${name} is a method.`);
      return found;
    };
  }

  /** By the name under which each stands in the answer, in their order. */
  #fieldsOf(
    type: GraphQLObjectType,
    selections: readonly SelectionSetNode[],
  ): ReadonlyMap<string, FieldNode[]> {
    const fields = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    const collect = (set: SelectionSetNode) => {
      for (const selection of set.selections) {
        if (!this.#isWanted(selection)) continue;
        if (selection.kind === 'Field') {
          const name = selection.alias?.value ?? selection.name.value;
          fields.set(name, [...(fields.get(name) ?? []), selection]);
          continue;
        }
        let fragment: Pick<FragmentDefinitionNode, 'selectionSet'> & {
          readonly typeCondition?: FragmentDefinitionNode['typeCondition'] | undefined;
        };
        if (selection.kind === 'FragmentSpread') {
          const name = selection.name.value;
          const known = this.#fragments.get(name);
          if (spread.has(name) || !known) continue;
          spread.add(name);
          fragment = known;
        } else fragment = selection;
        if (this.#isMeant(type, fragment.typeCondition)) collect(fragment.selectionSet);
      }
    };
    for (const set of selections) collect(set);
    return fields;
  }

  #isWanted(selection: SelectionNode): boolean {
    const skip = getDirectiveValues(GraphQLSkipDirective, selection, this.#variables);
    if (skip?.if === true) return false;
    return getDirectiveValues(GraphQLIncludeDirective, selection, this.#variables)?.if !== false;
  }

  #isMeant(type: GraphQLObjectType, condition: FragmentDefinitionNode['typeCondition'] | undefined): boolean {
    const { schema } = this.#args;
    if (!condition) return true;
    const meant = typeFromAST(schema, condition);
    return meant === type || (isAbstractType(meant) && schema.isSubType(meant, type));
  }
}

/** What a resolver may know of its place: nothing that was not known beforehand. */
function nowhere(): GraphQLResolveInfo {
  const refuse = () => {
    throw new Unusual('A resolver asks for its place.');
  };
  const asked = { get: refuse, has: refuse, ownKeys: refuse, getOwnPropertyDescriptor: refuse };
  return new Proxy({} as GraphQLResolveInfo, asked);
}

function writeList(write: Write): Write {
  return (value) => {
    const list = atHand(value);
    if (!Array.isArray(list)) throw new Unusual('A list that is no array.');
    let text = '[';
    for (let index = 0; index < list.length; index++)
      text += index === 0 ? write(list[index]) : `,${write(list[index])}`;
    return `${text}]`;
  };
}

function writeLeaf(value: unknown): string {
  const text = JSON.stringify(value);
  if (text === undefined) throw new Unusual('A value that cannot be written.');
  return text;
}

/** Throws where a value is not there yet, or is what went wrong. */
function atHand(value: unknown): unknown {
  if (value === null || value === undefined) throw new Unusual('Nothing, where there has to be something.');
  if (value instanceof Error) throw value;
  if (typeof (value as { then?: unknown }).then === 'function') {
    // What it comes to nobody will ask: graphql-js has the field resolved anew.
    Promise.resolve(value).catch(() => undefined);
    throw new Unusual('A value that is waited for.');
  }
  return value;
}
