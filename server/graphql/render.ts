import { type DocumentNode, type ExecutionResult, execute, type GraphQLSchema } from 'graphql';
import type { Frame } from '#server/live/frame.ts';
import type { Context } from './context.ts';

/**
 * Executes a subscription document on one frame, as the plain way would for each subscriber. The context has an
 * audience and no actor: an answer made for many cannot depend on one.
 */
export function executeFrame(
  schema: GraphQLSchema,
  document: DocumentNode,
  context: Context,
  frame: Frame,
): ExecutionResult {
  if (context.actor !== null) throw new Error('A frame for many is not made with one reader.');
  const result = execute({ schema, document, contextValue: context, rootValue: frame });
  if (result instanceof Promise) throw new Error('A frame is made from memory: none of its fields may wait.');
  return result;
}
