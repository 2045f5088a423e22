/**
 * Executing once for many. Followers of one audience who ask the same document with the same variables get one
 * execution and one serialization per frame; `live/broadcast.ts` hands out the bytes.
 *
 * A subscription field opts in by `extensions: SHARED`, and everything fails closed: a field that did not is executed
 * for each subscriber; the context of a shared execution is made from the audience alone, so a resolver that wants
 * the reader fails instead of showing one reader's answer to another; a source that cannot be shared is refused.
 */
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
  getVariableValues,
  print,
  type SelectionSetNode,
} from 'graphql';
import type { Log } from '#server/base/log.ts';
import { counter } from '#server/base/metrics.ts';
import type { Group } from '#server/live/group.ts';
import type { Follower } from '#server/live/hub.ts';
import type { Audience } from '#server/live/topic.ts';
import { compile } from './compile.ts';
import type { Services } from './context.ts';
import { valuesOf } from './limits.ts';
import { executeAtOnce, sharedContext, writeAnswer } from './render.ts';
import { publicSchema, staffSchema } from './schema.ts';

/** Different questions that are followed at a time; each costs an execution per frame. */
const GROUPS_MAX = 2_000;
/** Those of them that one opened: the city, its districts and leaders are some 25, and following what is open costs none. */
const GROUPS_EACH_MAX = 30;
/** Values that take about as long to render as one reader does to serve; the city's frame is counted as a thousand. */
const VALUES_PER_READER = 100;

const executions = counter(
  'kepling_shared_executions_total',
  'Frames rendered for a group: from what was prepared, or by graphql-js',
  'by',
);

/** A subscription, as everyone who asks the same asks it. */
export interface SharedRequest {
  readonly audience: Audience;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
}

export interface Shared {
  /** The group of those who ask the same, where there is one. */
  find(request: SharedRequest): Group | undefined;
  /**
   * The same, opened if need be; or what the field had against it. `opener`: as what the client is counted. Who opened a
   * group has it counted until it closes, whoever follows it then.
   */
  open(request: SharedRequest, opener: string): Promise<Group | ExecutionResult>;
}

export function createShared(services: Services, log: Log): Shared {
  const opening = new Map<string, Promise<Group | ExecutionResult>>();
  const opened = new Map<string, number>();
  const giveBack = (opener: string) => {
    const left = (opened.get(opener) ?? 0) - 1;
    if (left > 0) opened.set(opener, left);
    else opened.delete(opener);
  };

  const open = async (
    name: string,
    request: SharedRequest,
    onClose: () => void,
  ): Promise<Group | ExecutionResult> => {
    const args = {
      schema: request.audience === 'public' ? publicSchema : staffSchema,
      document: request.document,
      operationName: request.operationName ?? null,
      variableValues: request.variables ?? null,
      contextValue: sharedContext(services, request.audience),
    };
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    try {
      if (!isFollower(source)) throw new Error('A shared subscription follows a hub.');
      const write = compile(args);
      const render = (frame: object) => {
        const written = write?.(frame) ?? null;
        executions.add(1, written === null ? 'graphql' : 'prepared');
        return written === null
          ? writeAnswer(() => executeAtOnce({ ...args, rootValue: frame }), log)
          : Buffer.from(written);
      };
      const worth = Math.ceil(valuesOf(request.document) / VALUES_PER_READER);
      return services.live.broadcast.open(name, source, render, { worth, onClose });
    } catch (error) {
      // It follows already, and nobody else would let it go.
      await source[Symbol.asyncIterator]().return?.();
      throw error;
    }
  };

  /** What could not be opened is nobody's. */
  const openFor = async (opener: string, name: string, request: SharedRequest) => {
    opened.set(opener, (opened.get(opener) ?? 0) + 1);
    let group: Group | ExecutionResult | undefined;
    try {
      group = await open(name, request, () => giveBack(opener));
      return group;
    } finally {
      opening.delete(name);
      if (!group || !('join' in group)) giveBack(opener);
    }
  };

  return {
    find(request) {
      const { coerced } = readVariables(request);
      return coerced && services.live.broadcast.find(nameOf(request, coerced));
    },
    async open(request, opener) {
      const { coerced, errors } = readVariables(request);
      if (!coerced) return { errors };
      const name = nameOf(request, coerced);
      const known = services.live.broadcast.find(name) ?? opening.get(name);
      if (known) return known;
      const isFull = services.live.broadcast.groups + opening.size >= GROUPS_MAX;
      if (isFull || (opened.get(opener) ?? 0) >= GROUPS_EACH_MAX) return tooMany();
      const fresh = openFor(opener, name, request);
      opening.set(name, fresh);
      return fresh;
    },
  };
}

/** Whether the document is one subscription to a field that opted in. */
export function isShared(
  side: 'public' | 'staff',
  document: DocumentNode,
  operationName?: string | null,
): boolean {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'subscription') return false;
  const fields = (side === 'public' ? publicSchema : staffSchema).getSubscriptionType()?.getFields() ?? {};
  const names = rootFields(document, operation.selectionSet);
  return names.length > 0 && names.every((name) => fields[name]?.extensions.isShared === true);
}

function tooMany(): ExecutionResult {
  const message = 'Too many different subscriptions are followed at the moment: try again later.';
  return { errors: [new GraphQLError(message, { extensions: { code: 'RATE_LIMITED' } })] };
}

/**
 * The same for everyone who asks the same of the same audience, however it was written: spaces and comments do not
 * count, nor do variables that the document does not name, or leaves at what they are without being said.
 */
function nameOf(request: SharedRequest, variables: Readonly<Record<string, unknown>>): string {
  const { audience, document, operationName } = request;
  return JSON.stringify([audience, operationName ?? null, variables, printed(document)]);
}

const texts = new WeakMap<DocumentNode, string>();

function printed(document: DocumentNode): string {
  const known = texts.get(document);
  if (known !== undefined) return known;
  const text = print(document);
  texts.set(document, text);
  return text;
}

/** Variables as the document declares them; what is wrong with them, if anything. */
function readVariables({ audience, document, operationName, variables }: SharedRequest) {
  const operation = getOperationAST(document, operationName);
  const schema = audience === 'public' ? publicSchema : staffSchema;
  return getVariableValues(schema, operation?.variableDefinitions ?? [], variables ?? {}, { maxErrors: 5 });
}

/** Names of the fields that a selection comes to, through fragments. The document is valid: no fragment holds itself. */
function rootFields(document: DocumentNode, { selections }: SelectionSetNode): readonly string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'Field') return [selection.name.value];
    if (selection.kind === 'InlineFragment') return rootFields(document, selection.selectionSet);
    const fragment = document.definitions.find(
      (each) => each.kind === 'FragmentDefinition' && each.name.value === selection.name.value,
    );
    return fragment?.kind === 'FragmentDefinition' ? rootFields(document, fragment.selectionSet) : [''];
  });
}

function isFollower(source: AsyncIterable<unknown>): source is Follower<object> {
  return 'newest' in source && 'snapshot' in source;
}
