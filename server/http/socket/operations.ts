import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { audienceOf, type Services } from '#server/graphql/context.ts';
import { createDocuments } from '#server/graphql/documents.ts';
import { publicSchema, staffSchema } from '#server/graphql/schema.ts';
import { isShared, type SharedRequest } from '#server/graphql/shared.ts';
import type { TrustedDocuments } from '../trusted-documents.ts';
import type { Client } from './client.ts';

const NAME_A_DOCUMENT =
  'Without an account a subscription names one of our own documents: send extensions.persistedQuery.sha256Hash.';

/** What a client's `subscribe` comes to: what is wrong with it, a subscription that many share, or its own execution. */
export type Operation =
  | { readonly problems: readonly GraphQLError[] }
  | { readonly shared: SharedRequest }
  | { readonly args: ExecutionArgs };

export type ReadOperation = (client: Client, payload: SubscribePayload) => Operation;

export function createOperations(services: Services, trusted: TrustedDocuments): ReadOperation {
  const isDemo = services.live.program.mode === 'DEMO';
  const documents = createDocuments(isDemo);

  const textOf = (client: Client, { query, extensions }: SubscribePayload): string | undefined => {
    const persisted = extensions?.persistedQuery as { sha256Hash?: unknown } | undefined;
    const known = typeof persisted?.sha256Hash === 'string' ? trusted.get(persisted.sha256Hash) : undefined;
    return known ?? (isDemo || client.actor ? query || undefined : undefined);
  };

  return (client, payload) => {
    const audience = audienceOf(client.actor);
    const side = audience === 'public' ? 'public' : 'staff';
    const text = textOf(client, payload);
    if (!text) return { problems: [refused('BAD_USER_INPUT', NAME_A_DOCUMENT)] };
    const read = documents(side, text);
    if ('problems' in read) return read;
    const { document } = read;
    const { operationName, variables } = payload;
    if (isShared(side, document, operationName))
      return { shared: { audience, document, operationName, variables } };
    const isFrame = getOperationAST(document, operationName)?.operation === 'subscription';
    const actor = isFrame ? null : client.actor;
    return {
      args: {
        schema: side === 'public' ? publicSchema : staffSchema,
        document,
        operationName,
        variableValues: variables,
        contextValue: { services, audience, actor, language: client.language },
      },
    };
  };
}

export function refused(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
