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
  type SelectionSetNode,
} from 'graphql';
import type { Log } from '#server/base/log.ts';
import type { Group } from '#server/live/group.ts';
import type { Follower } from '#server/live/hub.ts';
import type { Audience } from '#server/live/topic.ts';
import type { Services } from './context.ts';
import { executeAtOnce, sharedContext, writeAnswer } from './render.ts';
import { publicSchema, staffSchema } from './schema.ts';

/** Different questions that are followed at a time; each costs an execution per frame. */
const GROUPS_MAX = 2_000;

/** A subscription, as everyone who asks the same asks it. */
export interface SharedRequest {
  readonly audience: Audience;
  readonly text: string;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
}

export interface Shared {
  /** The group of those who ask the same, where there is one. */
  find(request: SharedRequest): Group | undefined;
  /** The same, opened if need be; or what the field had against it. */
  open(request: SharedRequest): Promise<Group | ExecutionResult>;
}

export function createShared(services: Services, log: Log): Shared {
  const opening = new Map<string, Promise<Group | ExecutionResult>>();

  const open = async (name: string, request: SharedRequest): Promise<Group | ExecutionResult> => {
    const args = {
      schema: request.audience === 'public' ? publicSchema : staffSchema,
      document: request.document,
      operationName: request.operationName ?? null,
      variableValues: request.variables ?? null,
      contextValue: sharedContext(services, request.audience),
    };
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    if (!isFollower(source)) throw new Error('A shared subscription follows a hub.');
    return services.live.broadcast.open(name, source, (frame) =>
      writeAnswer(() => executeAtOnce({ ...args, rootValue: frame }), log),
    );
  };

  return {
    find: (request) => services.live.broadcast.find(nameOf(request)),
    async open(request) {
      const name = nameOf(request);
      const known = services.live.broadcast.find(name) ?? opening.get(name);
      if (known) return known;
      if (services.live.broadcast.groups + opening.size >= GROUPS_MAX) return tooMany();
      const fresh = open(name, request).finally(() => opening.delete(name));
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

/** Same text, same variables, same audience: whatever the order in which they were written. */
function nameOf({ audience, text, operationName, variables }: SharedRequest): string {
  return JSON.stringify([audience, operationName ?? null, canonical(variables ?? {}), text]);
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, canonical(each)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
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
