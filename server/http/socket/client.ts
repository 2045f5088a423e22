import type { Context, WebSocket } from 'graphql-ws';
import type { Actor } from '#server/domain/access/policy.ts';
import type { Language } from '#texts/catalog.ts';
import type { Presented } from '../credentials.ts';
import type { Place } from './census.ts';
import { CLOSE } from './close-codes.ts';
import type { Following, Follows } from './following.ts';
import type { Line, LineOwner } from './line.ts';

/** What happens with what a client says; one for all clients of a server. */
export interface Conversation {
  message(client: Client, text: string): void;
  /** It asked for a sign of life, in the protocol's own words. */
  ping(client: Client): void;
  /** A group that it follows ended of itself; with an error where it failed. */
  ended(client: Client, following: Following, error: unknown): void;
  closed(client: Client, code: number, reason: string): void;
}

/** Whoever is at the other end of a socket. To graphql-ws this is the socket. */
export class Client implements LineOwner, Follows, WebSocket {
  readonly line: Line;
  readonly place: Place;
  readonly language: Language;
  actor: Actor | null = null;
  presented: Presented;
  /** graphql-ws's own books of this client; null until it has said who it is. */
  context: Context | null = null;
  /** Shared subscriptions by id: what is followed, or what stands for it until there is a group. */
  readonly shared = new Map<string, object>();
  /** Gives graphql-ws a message. */
  take: ((text: string) => Promise<void>) | null = null;
  /** Tells graphql-ws that the socket has closed. */
  gone: ((code: number, reason: string) => Promise<void>) | null = null;
  readonly #conversation: Conversation;

  constructor(
    line: Line,
    place: Place,
    { language, cookie }: { readonly language: Language; readonly cookie: string | undefined },
    conversation: Conversation,
  ) {
    this.line = line;
    this.place = place;
    this.language = language;
    this.presented = { cookie };
    this.#conversation = conversation;
    line.owner = this;
  }

  get protocol(): string {
    return this.line.socket.protocol;
  }

  send(text: string): Promise<void> {
    return this.line.send(text);
  }

  close(code: number = CLOSE.TRY_AGAIN_LATER.code, reason = ''): void {
    this.line.cut({ code, reason });
  }

  onMessage(take: (text: string) => Promise<void>): void {
    this.take = take;
  }

  onPing(): void {
    this.#conversation.ping(this);
  }

  message(text: string): void {
    this.#conversation.message(this, text);
  }

  ended(following: Following, error: unknown): void {
    this.#conversation.ended(this, following, error);
  }

  closed(code: number, reason: string): void {
    this.#conversation.closed(this, code, reason);
  }
}
