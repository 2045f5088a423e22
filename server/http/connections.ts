import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { counter } from '#server/base/metrics.ts';
import { type ClientAddress, networkOf } from './client-address.ts';
import { CONNECTION_LIMITS } from './http-limits.ts';

export interface Connections {
  /** A server whose connections are counted here. */
  serve(listener: RequestListener): Server;
  /** It is a WebSocket from now on, and counted as one. */
  release(connection: Socket): void;
}

const turnedAway = counter(
  'kepling_connections_refused_total',
  'Connections that were one too many, of all or of their address',
);

/**
 * Counts plain HTTP connections by the address at the other end of the wire, and ends those on which a request does not
 * come to an end. A connection costs memory and a file descriptor before anything is asked on it. A proxy that is believed
 * speaks for many: it is not counted.
 */
export function limitConnections(
  isTrusted: ClientAddress['isTrusted'],
  limits: ConnectionLimits = CONNECTION_LIMITS,
): Connections {
  const counts = new Map<string, number>();
  /** By what each connection is counted, as long as it is. */
  const networks = new WeakMap<Socket, string>();

  const release = (connection: Socket) => {
    const network = networks.get(connection);
    if (network === undefined) return;
    networks.delete(connection);
    const left = (counts.get(network) ?? 0) - 1;
    if (left > 0) counts.set(network, left);
    else counts.delete(network);
  };

  function closed(this: Socket): void {
    release(this);
  }

  const take = (connection: Socket) => {
    const address = connection.remoteAddress ?? '';
    if (isTrusted(address, 0)) return;
    const network = networkOf(address);
    const open = counts.get(network) ?? 0;
    if (open >= limits.perAddress) {
      turnedAway.add(1);
      connection.destroy();
      return;
    }
    counts.set(network, open + 1);
    networks.set(connection, network);
    connection.once('close', closed);
  };

  return {
    serve(listener) {
      const { requestMs, headersMs, checkMs, idleMs, total } = limits;
      const times = {
        requestTimeout: requestMs,
        headersTimeout: headersMs,
        connectionsCheckingInterval: checkMs,
      };
      const server = createServer({ ...times, keepAliveTimeout: idleMs }, listener);
      server.maxConnections = total;
      server.on('connection', take);
      server.on('drop', () => turnedAway.add(1));
      return server;
    },
    release,
  };
}

type ConnectionLimits = Readonly<Record<keyof typeof CONNECTION_LIMITS, number>>;
