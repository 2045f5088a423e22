import type { IncomingMessage } from 'node:http';
import proxyAddress from '@fastify/proxy-addr';

/** Whose address a request has. Limits are counted by it; it never decides what somebody may see. */
export interface ClientAddress {
  /** Whether an address is a proxy's that is believed. */
  readonly isTrusted: (address: string, hop: number) => boolean;
  /** The same address for a request and for an upgrade; empty where the connection is gone already. */
  of(request: IncomingMessage): string;
}

/**
 * `X-Forwarded-For` is read from its end, for as long as the address before is one of `proxies`: what a client writes
 * into it itself stands further left and is never reached. Without proxies the header says nothing. Fastify decides by
 * the same package with the same list, so that a page and its socket are counted as one client.
 *
 * `proxies`: addresses or networks (CIDR). Throws TypeError on others.
 */
export function clientAddress(proxies: readonly string[]): ClientAddress {
  const isTrusted = proxyAddress.compile([...proxies]);
  return { isTrusted, of: (request) => proxyAddress(request, isTrusted) ?? '' };
}
