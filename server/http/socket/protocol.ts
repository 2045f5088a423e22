/** graphql-ws, and what we answer it: who may connect, and what an operation comes to. */
import { type Message, MessageType, makeServer, parseMessage, stringifyMessage } from 'graphql-ws';
import type { Log } from '#server/base/log.ts';
import type { Services } from '#server/graphql/context.ts';
import { maskError } from '#server/graphql/errors.ts';
import { type Doorkeeper, readCredential } from '../credentials.ts';
import { SOCKET_LIMITS } from '../http-limits.ts';
import type { TrustedDocuments } from '../trusted-documents.ts';
import type { Client, Conversation } from './client.ts';
import { CLOSE } from './close-codes.ts';
import { createOperations, refused } from './operations.ts';
import { createSharedSubscriptions } from './shared-subscriptions.ts';

export interface Protocol extends Conversation {
  /** Speaks with a new client. */
  opened(client: Client): void;
}

export interface ProtocolOptions {
  readonly services: Services;
  readonly doorkeeper: Doorkeeper;
  readonly trusted: TrustedDocuments;
  readonly log: Log;
}

export function createProtocol({ services, doorkeeper, trusted, log }: ProtocolOptions): Protocol {
  const readOperation = createOperations(services, trusted);
  const shared = createSharedSubscriptions(services, readOperation, log);

  const wire = makeServer<Record<string, unknown>, Client>({
    // A line counts that time itself.
    connectionInitWaitTimeout: 0,
    async onConnect(context) {
      const { extra: client, connectionParams } = context;
      client.line.begin();
      client.context = context;
      client.presented = { authorization: connectionParams?.authorization, cookie: client.presented.cookie };
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
    onSubscribe: ({ extra: client, subscriptions }, _id, payload) => {
      if (Object.keys(subscriptions).length + client.shared.size > SOCKET_LIMITS.subscriptions) {
        client.line.cut(CLOSE.TOO_MANY_SUBSCRIPTIONS);
        return [refused('RATE_LIMITED', CLOSE.TOO_MANY_SUBSCRIPTIONS.reason)];
      }
      const operation = readOperation(client, payload);
      if ('problems' in operation) return operation.problems;
      if ('args' in operation) return operation.args;
      throw new Error('A shared subscription came where none is executed.');
    },
    onError: (_context, _id, _payload, errors) => errors.map((error) => maskError(error, log)),
    onNext: (_context, _id, _payload, _args, { errors, data }) =>
      errors ? { data: data ?? null, errors: errors.map((error) => maskError(error, log)) } : undefined,
  });

  const untilDone = (client: Client, work: Promise<void>) => {
    work.catch((err) => {
      log.error({ err }, 'a socket message failed');
      client.line.cut(CLOSE.TRY_AGAIN_LATER);
    });
  };

  // A screen's own clock is never trusted: the answer to its ping tells it the program's.
  const answerPing = (client: Client) => {
    const payload = { now: new Date(services.live.now()).toISOString() };
    return client.send(stringifyMessage({ type: MessageType.Pong, payload }));
  };

  /**
   * What we answer ourselves is answered in the order in which it was asked, so that whoever asks the time first has it
   * before the first frame. Async, so that nothing that goes wrong is thrown into the socket's own event.
   */
  const hear = async (client: Client, text: string) => {
    const message = client.context?.acknowledged ? readMessage(text) : null;
    if (message?.type === MessageType.Ping) return await answerPing(client);
    await ((message && shared.take(client, message)) ?? client.take?.(text));
  };

  return {
    opened(client) {
      client.gone = wire.opened(client, client);
    },
    message: (client, text) => untilDone(client, hear(client, text)),
    ping: (client) => untilDone(client, answerPing(client)),
    ended: (client, following, error) => untilDone(client, shared.ended(client, following, error)),
    closed(client, code, reason) {
      shared.leave(client);
      client.gone?.(code, reason).catch((err) => log.error({ err }, 'a socket was not let go in order'));
    },
  };
}

/** Null where it is none: graphql-ws says so to whoever sent it. */
function readMessage(text: string): Message | null {
  try {
    return parseMessage(text);
  } catch {
    return null;
  }
}
