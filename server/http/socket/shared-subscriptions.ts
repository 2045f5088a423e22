import type { ExecutionResult } from 'graphql';
import { CloseCode, type Message, MessageType, type SubscribeMessage, stringifyMessage } from 'graphql-ws';
import type { Log } from '#server/base/log.ts';
import type { Services } from '#server/graphql/context.ts';
import { maskError } from '#server/graphql/errors.ts';
import { createShared, type SharedRequest } from '#server/graphql/shared.ts';
import { SOCKET_LIMITS } from '../http-limits.ts';
import type { Client } from './client.ts';
import { Following } from './following.ts';
import type { ReadOperation } from './operations.ts';

export interface SharedSubscriptions {
  /** Takes a message about a shared subscription. Null: it is about something else, and graphql-ws's to judge. */
  take(client: Client, message: Message): Promise<void> | null;
  /** A group ended of itself; with an error where it failed. */
  ended(client: Client, following: Following, error: unknown): Promise<void>;
  /** The socket has closed. */
  leave(client: Client): void;
}

/** Stands in the books until there is a group to follow. */
class Opening {}

/**
 * Shared subscriptions are kept beside graphql-ws, by the same rules and in books of their own (`client.shared`): by its
 * own way the message, the arguments and an iteration that waits would stay in memory for as long as somebody follows,
 * three times what a bare socket takes. Whoever waited looks whether its own entry still stands before it goes on: the
 * same id may have been completed, and asked for again, meanwhile.
 */
export function createSharedSubscriptions(
  services: Services,
  readOperation: ReadOperation,
  log: Log,
): SharedSubscriptions {
  const shared = createShared(services, log);

  const follow = async (client: Client, id: string, request: SharedRequest) => {
    const opening = new Opening();
    const opener = client.place.kind;
    client.shared.set(id, opening);
    for (;;) {
      const group = shared.find(request) ?? (await shared.open(request, opener));
      const isGone = client.shared.get(id) !== opening;
      if (!('join' in group)) return isGone ? undefined : await refuse(client, id, opening, group);
      if (isGone) return group.giveUp();
      // It may have been left by all of its readers since it was found.
      if (!group.isOpen) continue;
      client.shared.set(id, new Following(group, client, id));
      return;
    }
  };

  /** As graphql-ws answers an operation that comes to a result at once. */
  const refuse = async (client: Client, id: string, opening: Opening, { errors = [] }: ExecutionResult) => {
    const payload = { data: null, errors: errors.map((error) => maskError(error, log)) };
    await client.send(stringifyMessage({ id, type: MessageType.Next, payload }));
    await finish(client, id, opening);
  };

  const finish = async (client: Client, id: string, entry: Opening | Following, error?: unknown) => {
    if (client.shared.get(id) !== entry) return;
    client.shared.delete(id);
    await client.send(
      stringifyMessage(
        error === undefined
          ? { id, type: MessageType.Complete }
          : { id, type: MessageType.Error, payload: [maskError(error, log)] },
      ),
    );
  };

  const letGo = (client: Client, id: string) => {
    const entry = client.shared.get(id);
    client.shared.delete(id);
    if (entry instanceof Following) entry.leave();
  };

  const subscribe = (client: Client, { id, payload }: SubscribeMessage): Promise<void> | null => {
    if (client.shared.has(id)) {
      client.close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
      return Promise.resolve();
    }
    // One that graphql-ws has, or one too many: it says so.
    const others = client.context?.subscriptions ?? {};
    if (id in others || Object.keys(others).length + client.shared.size >= SOCKET_LIMITS.subscriptions)
      return null;
    const operation = readOperation(client, payload);
    return 'shared' in operation ? follow(client, id, operation.shared) : null;
  };

  return {
    take(client, message) {
      if (message.type === MessageType.Subscribe) return subscribe(client, message);
      if (message.type !== MessageType.Complete || !client.shared.has(message.id)) return null;
      letGo(client, message.id);
      return Promise.resolve();
    },
    ended: (client, following, error) => finish(client, following.id, following, error),
    leave(client) {
      for (const id of [...client.shared.keys()]) letGo(client, id);
    },
  };
}
