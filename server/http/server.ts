/**
 * Bytes and sockets: the one HTTP server. Pages, GraphQL on two protocols, the public frame as a file, and health.
 * What it serves is decided elsewhere; here is where limits, headers and answers to rubbish are.
 */
import fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Clock } from '#server/base/clock.ts';
import type { Log } from '#server/base/log.ts';
import type { Uploads } from '#server/domain/imports/uploads.ts';
import type { Services } from '#server/graphql/context.ts';
import { maskError } from '#server/graphql/errors.ts';
import { printed, publicSchema } from '#server/graphql/schema.ts';
import { clientAddress } from './client-address.ts';
import { limitConnections } from './connections.ts';
import type { Doorkeeper } from './credentials.ts';
import { serveFiles } from './files.ts';
import { serveGraphQL } from './graphql.ts';
import { type Readiness, serveHealth } from './health.ts';
import { HTTP_LIMITS } from './http-limits.ts';
import { serveOperator } from './operator.ts';
import { foreignCookies } from './own-origin.ts';
import { servePages } from './pages.ts';
import { limitRequests } from './request-limits.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { serveSessions } from './sessions.ts';
import { openSockets, type SocketStatistics } from './socket/sockets.ts';
import { serveTotals } from './totals.ts';
import { readTrustedDocuments } from './trusted-documents.ts';

export interface HttpServer {
  /** The port it listens on, also where 0 was asked for. */
  readonly port: number;
  /** Sockets, and what is handed out to them. */
  statistics(): SocketStatistics;
  /** Sockets first, told to come back; then requests under way; then the port. */
  close(): Promise<void>;
}

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Proxies whose word on a client's address is believed; none: nobody's. */
  readonly trustedProxies: readonly string[];
  readonly services: Services;
  readonly doorkeeper: Doorkeeper;
  readonly uploads: Uploads;
  /** Told when somebody's session ended: sockets of that session are looked at again. */
  readonly onSessionEnded: () => Promise<void>;
  readonly readiness: Readiness;
  readonly clock: Clock;
  readonly log: Log;
}

export async function openHttp(options: HttpOptions): Promise<HttpServer> {
  const { services, doorkeeper, clock, log } = options;
  const address = clientAddress(options.trustedProxies);
  const connections = limitConnections(address.isTrusted);
  const answer = answerRubbish(log);
  const app = fastify({
    bodyLimit: HTTP_LIMITS.bodyBytes,
    logger: false,
    forceCloseConnections: true,
    serverFactory: connections.serve,
    trustProxy: address.isTrusted,
    // An address that cannot be read comes to no hook.
    frameworkErrors: (error, request, reply) => answer(error, request, reply.headers(SECURITY_HEADERS)),
  });
  const dropForeignCookie = foreignCookies(address.isTrusted);
  // Before anything reads a credential.
  app.addHook('onRequest', async ({ raw }) => dropForeignCookie(raw));
  app.addHook('onRequest', async (_request, reply) => void reply.headers(SECURITY_HEADERS));
  await limitRequests(app, doorkeeper.principals);
  app.setErrorHandler(answer);

  const graphql = await serveGraphQL(app, { services, doorkeeper, log });
  serveSessions(app, services, doorkeeper, options.onSessionEnded);
  await serveFiles(app, { uploads: options.uploads, doorkeeper, clock });
  serveTotals(app, services);
  serveHealth(app, options.readiness);
  serveOperator(app, services, doorkeeper, options.readiness);
  app.get('/schema.graphql', (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send(printed(publicSchema)),
  );
  await servePages(app);

  await app.listen({ host: options.host, port: options.port });
  const sockets = openSockets({
    server: app.server,
    services,
    doorkeeper,
    trusted: readTrustedDocuments(),
    networkOf: address.networkOf,
    dropForeignCookie,
    release: connections.release,
    clock,
    log,
  });
  const listening = app.server.address();
  return {
    port: typeof listening === 'object' && listening ? listening.port : options.port,
    statistics: sockets.statistics,
    async close() {
      await sockets.close();
      await app.close();
      await graphql.close();
    },
  };
}

/** Whatever cannot be read gets the same shape of answer as a wrong query, and never a stack. */
function answerRubbish(log: Log) {
  return (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) return reply.code(500).send({ errors: [maskError(error, log)] });
    const code = status === 429 ? 'RATE_LIMITED' : 'BAD_USER_INPUT';
    const message =
      status === 413
        ? `The request is larger than ${HTTP_LIMITS.bodyBytes} bytes: send less at once.`
        : error.message;
    return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
  };
}
