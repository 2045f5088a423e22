/**
 * The socket: graphql-transport-ws on `/graphql`. It alone knows graphql-ws. Everything that HTTP refuses is refused
 * here by the same rules, since none of Apollo's run on this path.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, GraphQLError, getOperationAST, parse, specifiedRules, validate } from 'graphql';
import {
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  makeServer,
  type SubscribePayload,
  type Context as WireContext,
} from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '#server/base/clock.ts';
import type { Log } from '#server/base/log.ts';
import type { Actor } from '#server/domain/access/policy.ts';
import { audienceOf, type Context, type Services } from '#server/graphql/context.ts';
import { maskError } from '#server/graphql/errors.ts';
import { DOCUMENT_LIMITS, documentRules } from '#server/graphql/limits.ts';
import { publicSchema, staffSchema } from '#server/graphql/schema.ts';
import { CLOSE } from './close-codes.ts';
import { type Doorkeeper, type Presented, readCredential, readLanguage } from './credentials.ts';
import { SOCKET_LIMITS } from './http-limits.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

export interface SocketServer {
  readonly count: number;
  /** Tells every client to come back, and lets go. */
  close(): Promise<void>;
}

export interface SocketOptions {
  readonly server: Server;
  readonly services: Services;
  readonly doorkeeper: Doorkeeper;
  readonly trusted: TrustedDocuments;
  readonly clock: Clock;
  readonly log: Log;
}

interface Extra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly address: string;
  actor: Actor | null;
  presented: Presented;
}

export function openSockets(options: SocketOptions): SocketServer {
  const { server, services, doorkeeper, trusted, clock, log } = options;
  const isDemo = services.live.program.mode === 'DEMO';
  const sockets = new Map<WebSocket, Extra>();
  /** Sockets by address of whom nobody knows, or knows yet, who they are. */
  const anonymous = new Map<string, number>();
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: SOCKET_LIMITS.messageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
  });
  const rules = {
    public: [...documentRules('public', isDemo), ...specifiedRules],
    staff: [...documentRules('staff', true), ...specifiedRules],
  };

  const count = ({ address }: Extra, change: 1 | -1) => {
    const left = (anonymous.get(address) ?? 0) + change;
    if (left > 0) anonymous.set(address, left);
    else anonymous.delete(address);
  };

  const contextOf = (extra: Extra, isFrame: boolean): Context => ({
    services,
    audience: audienceOf(extra.actor),
    actor: isFrame ? null : extra.actor,
    language: readLanguage(extra.request.headers),
  });

  const wire = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: SOCKET_LIMITS.initMs,
    async onConnect({ extra, connectionParams }) {
      extra.presented = {
        authorization: connectionParams?.authorization,
        cookie: extra.request.headers.cookie,
      };
      const credential = await readCredential(doorkeeper, extra.presented);
      if ('isWrong' in credential) {
        extra.socket.close(CLOSE.UNAUTHENTICATED.code, CLOSE.UNAUTHENTICATED.reason);
        return false;
      }
      extra.actor = credential.actor;
      if (extra.actor) count(extra, -1);
      else if ((anonymous.get(extra.address) ?? 0) > SOCKET_LIMITS.anonymousPerAddress) {
        extra.socket.close(CLOSE.TRY_AGAIN_LATER.code, CLOSE.TRY_AGAIN_LATER.reason);
        return false;
      }
      return true;
    },
    onSubscribe: (context, _id, payload) => prepare(context, payload),
    onError: (_context, _id, _payload, errors) => errors.map((error) => maskError(error, log)),
    onNext: (_context, _id, _payload, _args, { errors, data }) =>
      errors ? { data: data ?? null, errors: errors.map((error) => maskError(error, log)) } : undefined,
  });

  const prepare = (
    { extra, subscriptions }: WireContext<Record<string, unknown>, Extra>,
    payload: SubscribePayload,
  ): ExecutionArgs | readonly GraphQLError[] => {
    if (Object.keys(subscriptions).length > SOCKET_LIMITS.subscriptions) {
      return [refused('RATE_LIMITED', `A socket has at most ${SOCKET_LIMITS.subscriptions} subscriptions.`)];
    }
    const side = audienceOf(extra.actor) === 'public' ? 'public' : 'staff';
    const schema = side === 'public' ? publicSchema : staffSchema;
    const text = documentOf(payload);
    if (!text) {
      return [
        refused(
          'BAD_USER_INPUT',
          'Without an account a subscription names one of our own documents: send extensions.persistedQuery.sha256Hash.',
        ),
      ];
    }
    let document: ReturnType<typeof parse>;
    try {
      document = parse(text, { maxTokens: DOCUMENT_LIMITS.tokens });
    } catch (error) {
      return [error as GraphQLError];
    }
    const problems = validate(schema, document, rules[side]);
    if (problems.length > 0) return problems;
    const isFrame = getOperationAST(document, payload.operationName)?.operation === 'subscription';
    return {
      schema,
      document,
      operationName: payload.operationName,
      variableValues: payload.variables,
      contextValue: contextOf(extra, isFrame),
    };

    function documentOf({ query, extensions }: SubscribePayload): string | undefined {
      const persisted = extensions?.persistedQuery as { sha256Hash?: unknown } | undefined;
      const known = typeof persisted?.sha256Hash === 'string' ? trusted.get(persisted.sha256Hash) : undefined;
      return known ?? (isDemo || extra.actor ? query || undefined : undefined);
    }
  };

  const accept = (socket: WebSocket, request: IncomingMessage, address: string) => {
    const extra: Extra = { socket, request, address, actor: null, presented: {} };
    sockets.set(socket, extra);
    count(extra, 1);
    socket.on('error', (err) => log.debug({ err }, 'a socket failed'));
    const closed = wire.opened(
      {
        protocol: socket.protocol,
        send: (data) =>
          new Promise((resolve, reject) => {
            if (socket.readyState !== socket.OPEN) return resolve();
            socket.send(data, (error) => (error ? reject(error) : resolve()));
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (take) =>
          socket.on('message', (data) => {
            take(String(data)).catch((err) => {
              log.error({ err }, 'a socket message failed');
              socket.close(CLOSE.TRY_AGAIN_LATER.code, CLOSE.TRY_AGAIN_LATER.reason);
            });
          }),
        // A screen's own clock is never trusted: the answer to its ping tells it the program's.
        onPing: () => {
          socket.send(
            JSON.stringify({ type: 'pong', payload: { now: new Date(services.live.now()).toISOString() } }),
          );
        },
      },
      extra,
    );
    const stopKeepingAlive = keepAlive(socket, clock);
    socket.once('close', (code, reason) => {
      stopKeepingAlive();
      sockets.delete(socket);
      if (!extra.actor) count(extra, -1);
      void closed(code, String(reason));
    });
  };

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // Node took its own listener off: without one a client that hangs up meanwhile would end the process.
    stream.on('error', () => stream.destroy());
    const address = request.socket.remoteAddress ?? '';
    const pathname = (request.url ?? '').split('?', 1)[0];
    if (pathname !== '/graphql') return refuseUpgrade(stream, '404 Not Found');
    // People behind the same address are told apart after they said who they are: twice as many may come that far.
    const isCrowded = (anonymous.get(address) ?? 0) >= 2 * SOCKET_LIMITS.anonymousPerAddress;
    if (isCrowded || sockets.size >= SOCKET_LIMITS.total) {
      return refuseUpgrade(stream, '429 Too Many Requests');
    }
    wss.handleUpgrade(request, stream, head, (socket) => accept(socket, request, address));
  };
  server.on('upgrade', upgrade);

  services.live.onGrantsChanged(() => {
    for (const [socket, extra] of sockets) {
      if (!extra.actor) continue;
      recheck(socket, extra).catch((err) => {
        log.warn({ err }, 'a grant could not be read again; its socket has to come back');
        socket.close(CLOSE.TRY_AGAIN_LATER.code, CLOSE.TRY_AGAIN_LATER.reason);
      });
    }
  });

  const recheck = async (socket: WebSocket, extra: Extra) => {
    const { actor } = await readCredential(doorkeeper, extra.presented);
    const isSame = actor?.role === extra.actor?.role && actor?.areaCode === extra.actor?.areaCode;
    if (!isSame) socket.close(CLOSE.FORBIDDEN.code, CLOSE.FORBIDDEN.reason);
  };

  return {
    get count() {
      return sockets.size;
    },
    async close() {
      server.off('upgrade', upgrade);
      const gone = [...sockets.keys()].map((socket) => {
        socket.close(CLOSE.SERVICE_RESTART.code, CLOSE.SERVICE_RESTART.reason);
        return new Promise<void>((resolve) => socket.once('close', () => resolve()));
      });
      const cancel = clock.after(1_000, () => {
        for (const socket of sockets.keys()) socket.terminate();
      });
      await Promise.all(gone);
      cancel();
      wss.close();
    },
  };
}

function refused(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

function refuseUpgrade(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Cuts whoever does not answer a ping with its own nonce: a pong that was not asked for proves nothing. */
function keepAlive(socket: WebSocket, clock: Clock): () => void {
  let asked: string | null = null;
  socket.on('pong', (payload) => {
    if (asked !== null && payload.toString('hex') === asked) asked = null;
  });
  return clock.every(
    SOCKET_LIMITS.pingMs,
    () => {
      if (asked !== null) return socket.terminate();
      const nonce = randomBytes(8);
      asked = nonce.toString('hex');
      socket.ping(nonce);
    },
    { background: true },
  );
}
