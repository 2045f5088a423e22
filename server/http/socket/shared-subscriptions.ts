import type { ExecutionResult } from 'graphql';
import { type Context, type Message, MessageType, parseMessage, stringifyMessage } from 'graphql-ws';
import type { Log } from '#server/base/log.ts';
import type { Services } from '#server/graphql/context.ts';
import { maskError } from '#server/graphql/errors.ts';
import { createShared, type SharedRequest } from '#server/graphql/shared.ts';
import { SOCKET_LIMITS } from '../http-limits.ts';
import type { Client } from './client.ts';
import { Following } from './following.ts';
import type { ReadOperation } from './operations.ts';

/** Operations under way, where graphql-ws keeps them. */
type Books = Pick<Context, 'subscriptions'>;

export interface SharedSubscriptions {
  /** Takes a message that asks for a shared subscription. Null: it is none, and graphql-ws's to judge. */
  take(client: Client, text: string): Promise<void> | null;
  /** A group ended of itself; with an error where it failed. */
  ended(client: Client, id: string, error: unknown): Promise<void>;
}

/**
 * Puts shared subscriptions among those that graphql-ws keeps, which then lets go of them as of any other, and keeps
 * nothing else of them: by its own way the message, the arguments and an iteration that waits would stay in memory for
 * as long as somebody follows, three times what a bare socket takes.
 */
export function createSharedSubscriptions(
  services: Services,
  readOperation: ReadOperation,
  log: Log,
): SharedSubscriptions {
  const shared = createShared(services, log);

  const follow = async (books: Books, client: Client, id: string, request: SharedRequest) => {
    books.subscriptions[id] = null;
    for (;;) {
      const group = shared.find(request) ?? (await shared.open(request));
      // Completed meanwhile, or the socket has closed.
      const isGone = !(id in books.subscriptions);
      if (!('join' in group)) return isGone ? undefined : await refuse(books, client, id, group);
      if (isGone) return group.giveUp();
      // It may have been left by all of its readers since it was found.
      if (!group.isOpen) continue;
      books.subscriptions[id] = new Following(group, client, id);
      return;
    }
  };

  /** As graphql-ws answers an operation that comes to a result at once. */
  const refuse = async (books: Books, client: Client, id: string, { errors = [] }: ExecutionResult) => {
    const payload = { data: null, errors: errors.map((error) => maskError(error, log)) };
    await client.send(stringifyMessage({ id, type: MessageType.Next, payload }));
    await finish(books, client, id);
  };

  const finish = async (books: Books, client: Client, id: string, error?: unknown) => {
    delete books.subscriptions[id];
    await client.send(
      stringifyMessage(
        error === undefined
          ? { id, type: MessageType.Complete }
          : { id, type: MessageType.Error, payload: [maskError(error, log)] },
      ),
    );
  };

  return {
    take(client, text) {
      const { context: books } = client;
      if (!books?.acknowledged) return null;
      const message = readMessage(text);
      if (message?.type !== MessageType.Subscribe || message.id in books.subscriptions) return null;
      if (Object.keys(books.subscriptions).length >= SOCKET_LIMITS.subscriptions) return null;
      const operation = readOperation(client, message.payload);
      return 'shared' in operation ? follow(books, client, message.id, operation.shared) : null;
    },
    ended: async (client, id, error) => {
      if (client.context) await finish(client.context, client, id, error);
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
