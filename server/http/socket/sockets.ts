/**
 * The socket: graphql-transport-ws on `/graphql`. Everything that HTTP refuses is refused here by the same rules, since
 * none of Apollo's run on this path.
 *
 * graphql-ws keeps the protocol (`protocol.ts`); what is shared goes past it, from a group straight to the line
 * (`following.ts`). Each socket is a `Line` with limits of its own, `census.ts` counts them all, and one timer looks
 * after everybody.
 */
import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { type ServerOptions, WebSocketServer } from 'ws';
import type { Clock } from '#server/base/clock.ts';
import type { Log } from '#server/base/log.ts';
import type { Services } from '#server/graphql/context.ts';
import type { BroadcastStatistics } from '#server/live/broadcast.ts';
import { type Doorkeeper, readLanguage } from '../credentials.ts';
import { SOCKET_LIMITS } from '../http-limits.ts';
import type { DropForeignCookie } from '../own-origin.ts';
import type { TrustedDocuments } from '../trusted-documents.ts';
import { createCensus, type Place } from './census.ts';
import { Client, type Conversation } from './client.ts';
import { CLOSE } from './close-codes.ts';
import { Line, LineSocket, LOOK_MS } from './line.ts';
import { createProtocol } from './protocol.ts';
import { createRecheck } from './recheck.ts';

export interface SocketServer {
  readonly count: number;
  statistics(): SocketStatistics;
  /** Tells every client to come back, and lets go. */
  close(): Promise<void>;
}

export interface SocketStatistics extends BroadcastStatistics {
  readonly sockets: number;
  /** The most that waits in the process for one socket, in bytes. */
  readonly waitingBytes: number;
}

export interface SocketOptions {
  readonly server: Server;
  readonly services: Services;
  readonly doorkeeper: Doorkeeper;
  readonly trusted: TrustedDocuments;
  /** By what an upgrade's client is counted. */
  readonly networkOf: (request: IncomingMessage) => string;
  readonly dropForeignCookie: DropForeignCookie;
  /** Told of each connection that is counted here from now on, and as plain HTTP no longer. */
  readonly release: (connection: Socket) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** An option that ws has and its types do not, in milliseconds. */
interface NewerOptions {
  readonly closeTimeout: number;
}

export function openSockets(options: SocketOptions): SocketServer {
  const { server, services, networkOf, dropForeignCookie, release, clock, log } = options;
  const clients = new Set<Client>();
  const census = createCensus();
  const protocol = createProtocol(options);
  const recheck = createRecheck(clients, options);
  const limits: ServerOptions<typeof LineSocket> & NewerOptions = {
    WebSocket: LineSocket,
    noServer: true,
    clientTracking: false,
    maxPayload: SOCKET_LIMITS.messageBytes,
    maxFragments: SOCKET_LIMITS.messageFragments,
    maxBufferedChunks: SOCKET_LIMITS.messageChunks,
    closeTimeout: SOCKET_LIMITS.goodbyeMs,
    // Each ping is answered with what it brought, and that counts: a line does it by itself.
    autoPong: false,
    perMessageDeflate: false,
    handleProtocols: (offered) =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
  };
  const wss = new WebSocketServer<typeof LineSocket>(limits);

  const accept = (socket: LineSocket, stream: Socket, place: Place, headers: IncomingHttpHeaders) => {
    const line = new Line(socket, stream);
    const { cookie } = headers;
    const client = new Client(line, place, { language: readLanguage(headers), cookie }, conversation);
    clients.add(client);
    socket.on('error', failed);
    protocol.opened(client);
  };

  const failed = (err: Error) => log.debug({ err }, 'a socket failed');

  const conversation: Conversation = {
    ...protocol,
    closed(client, code, reason) {
      clients.delete(client);
      client.place.leave();
      protocol.closed(client, code, reason);
    },
  };

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // Node took its own listener off: without one a client that hangs up meanwhile would end the process.
    stream.on('error', destroy);
    const pathname = (request.url ?? '').split('?', 1)[0];
    if (pathname !== '/graphql') return refuse(stream, '404 Not Found');
    const place = census.enter(networkOf(request));
    if (!place) return refuse(stream, '429 Too Many Requests');
    release(request.socket);
    const leave = () => place.leave();
    // Where what follows refuses the handshake.
    stream.on('close', leave);
    dropForeignCookie(request);
    wss.handleUpgrade(request, stream, head, (socket) => {
      accept(socket, request.socket, place, request.headers);
      stream.off('close', leave);
    });
  };
  server.on('upgrade', upgrade);

  /** Nobody counts it any more, so it goes as soon as the answer is written: its client may keep its own end open. */
  const refuse = (stream: Duplex, status: string) => {
    stream.once('finish', destroy);
    stream.once(
      'close',
      clock.after(SOCKET_LIMITS.goodbyeMs, () => stream.destroy(), { background: true }),
    );
    stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  };

  /** One that cannot be looked after goes, and the others have their turn. */
  const lookAfter = (line: Line) => {
    try {
      line.look();
    } catch (err) {
      log.error({ err }, 'a socket could not be looked after');
      line.socket.terminate();
    }
  };
  const stopLooking = clock.every(
    LOOK_MS,
    () => {
      for (const { line } of clients) lookAfter(line);
      recheck.look();
    },
    { background: true },
  );

  services.live.onGrantsChanged(recheck.again);

  return {
    get count() {
      return clients.size;
    },
    statistics: () => ({
      sockets: clients.size,
      // Looked up where it is read: that asks every socket.
      get waitingBytes() {
        let most = 0;
        for (const { line } of clients) most = Math.max(most, line.waitingBytes);
        return most;
      },
      ...services.live.broadcast.statistics(),
    }),
    async close() {
      server.off('upgrade', upgrade);
      stopLooking();
      await Promise.all(
        [...clients].map(({ line }) => {
          const gone = new Promise<void>((resolve) => line.socket.once('close', () => resolve()));
          line.cut(CLOSE.SERVICE_RESTART);
          return gone;
        }),
      );
      wss.close();
    },
  };
}

/** One for all: a closure on each stream would keep its request, with every header, as long as the socket lives. */
function destroy(this: Duplex): void {
  this.destroy();
}
