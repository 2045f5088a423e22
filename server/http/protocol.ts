/** graphql-ws, and what we answer it: who may connect, what a document comes to, which way a subscription goes. */
import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST, subscribe } from 'graphql';
import { makeServer, type SubscribePayload } from 'graphql-ws';
import type { Log } from '#server/base/log.ts';
import type { Actor } from '#server/domain/access/policy.ts';
import { audienceOf, type Services } from '#server/graphql/context.ts';
import { createDocuments } from '#server/graphql/documents.ts';
import { maskError } from '#server/graphql/errors.ts';
import { publicSchema, staffSchema } from '#server/graphql/schema.ts';
import { createShared, type SharedRequest } from '#server/graphql/shared.ts';
import type { Language } from '#texts/catalog.ts';
import type { Place } from './census.ts';
import { CLOSE } from './close-codes.ts';
import { type Doorkeeper, type Presented, readCredential } from './credentials.ts';
import { Following } from './following.ts';
import { SOCKET_LIMITS } from './http-limits.ts';
import type { Line } from './line.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** Whoever is at the other end of a socket. */
export interface Client {
  readonly line: Line;
  readonly place: Place;
  readonly cookie: string | undefined;
  readonly language: Language;
  actor: Actor | null;
  presented: Presented;
}

export interface Protocol {
  /** Speaks with a new client. What it gives is called when the socket has closed. */
  opened(client: Client): (code: number, reason: string) => Promise<void>;
}

export interface ProtocolOptions {
  readonly services: Services;
  readonly doorkeeper: Doorkeeper;
  readonly trusted: TrustedDocuments;
  readonly log: Log;
}

/** Arguments of an operation, and the group it joins where it is a shared subscription. */
interface Prepared extends ExecutionArgs {
  readonly shared?: { readonly request: SharedRequest; readonly line: Line; readonly id: string };
}

export function createProtocol({ services, doorkeeper, trusted, log }: ProtocolOptions): Protocol {
  const isDemo = services.live.program.mode === 'DEMO';
  const documents = createDocuments(isDemo);
  const shared = createShared(services, log);

  const wire = makeServer<Record<string, unknown>, Client>({
    // A line counts that time itself.
    connectionInitWaitTimeout: 0,
    async onConnect({ extra: client, connectionParams }) {
      client.line.begin();
      client.presented = { authorization: connectionParams?.authorization, cookie: client.cookie };
      const credential = await readCredential(doorkeeper, client.presented);
      if ('isWrong' in credential) {
        client.line.cut(CLOSE.UNAUTHENTICATED);
        return false;
      }
      client.actor = credential.actor;
      if (client.place.settle(client.actor)) return true;
      client.line.cut(CLOSE.TRY_AGAIN_LATER);
      return false;
    },
    onSubscribe: ({ extra: client, subscriptions }, id, payload) => {
      if (Object.keys(subscriptions).length <= SOCKET_LIMITS.subscriptions)
        return prepare(client, id, payload);
      client.line.cut(CLOSE.TOO_MANY_SUBSCRIPTIONS);
      return [refused('RATE_LIMITED', CLOSE.TOO_MANY_SUBSCRIPTIONS.reason)];
    },
    subscribe: (args: Prepared) => (args.shared ? join(args.shared) : subscribe(args)),
    onError: (_context, _id, _payload, errors) => errors.map((error) => maskError(error, log)),
    onNext: (_context, _id, _payload, _args, { errors, data }) =>
      errors ? { data: data ?? null, errors: errors.map((error) => maskError(error, log)) } : undefined,
  });

  const join = async ({
    request,
    line,
    id,
  }: NonNullable<Prepared['shared']>): Promise<Following | ExecutionResult> => {
    for (;;) {
      const group = await shared.find(request);
      if (!('join' in group)) return group;
      // It may have been left by all of its readers since it was found.
      if (group.isOpen) return new Following(group, line, id);
    }
  };

  const prepare = (
    client: Client,
    id: string,
    payload: SubscribePayload,
  ): Prepared | readonly GraphQLError[] => {
    const audience = audienceOf(client.actor);
    const side = audience === 'public' ? 'public' : 'staff';
    const text = textOf(client, payload);
    if (!text) {
      return [
        refused(
          'BAD_USER_INPUT',
          'Without an account a subscription names one of our own documents: send extensions.persistedQuery.sha256Hash.',
        ),
      ];
    }
    const read = documents(side, text);
    if ('problems' in read) return read.problems;
    const { document } = read;
    const { operationName, variables } = payload;
    const isFrame = getOperationAST(document, operationName)?.operation === 'subscription';
    const args: ExecutionArgs = {
      schema: side === 'public' ? publicSchema : staffSchema,
      document,
      operationName,
      variableValues: variables,
      contextValue: {
        services,
        audience,
        actor: isFrame ? null : client.actor,
        language: client.language,
      },
    };
    if (!shared.isShared(side, document, operationName)) return args;
    const request = { audience, text, document, operationName, variables };
    return { ...args, shared: { request, line: client.line, id } };
  };

  const textOf = (client: Client, { query, extensions }: SubscribePayload): string | undefined => {
    const persisted = extensions?.persistedQuery as { sha256Hash?: unknown } | undefined;
    const known = typeof persisted?.sha256Hash === 'string' ? trusted.get(persisted.sha256Hash) : undefined;
    return known ?? (isDemo || client.actor ? query || undefined : undefined);
  };

  return {
    opened(client) {
      const { line } = client;
      const { socket } = line;
      return wire.opened(
        {
          protocol: socket.protocol,
          send: (data) =>
            new Promise((resolve, reject) => {
              if (!line.isOpen) return resolve();
              socket.send(data, (error) => (error ? reject(error) : resolve()));
            }),
          close: (code = CLOSE.TRY_AGAIN_LATER.code, reason = '') => line.cut({ code, reason }),
          onMessage: (take) =>
            socket.on('message', (data) => {
              if (!line.heard()) return;
              take(String(data)).catch((err) => {
                log.error({ err }, 'a socket message failed');
                line.cut(CLOSE.TRY_AGAIN_LATER);
              });
            }),
          // A screen's own clock is never trusted: the answer to its ping tells it the program's.
          onPing: () => {
            const payload = { now: new Date(services.live.now()).toISOString() };
            socket.send(JSON.stringify({ type: 'pong', payload }));
          },
        },
        client,
      );
    },
  };
}

function refused(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
