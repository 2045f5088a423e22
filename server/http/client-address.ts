import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import proxyAddress from '@fastify/proxy-addr';

/** Whose address a request has. Limits are counted by it; it never decides what somebody may see. */
export interface ClientAddress {
  /** Whether an address is a proxy's that is believed. */
  readonly isTrusted: (address: string, hop: number) => boolean;
  /** By what a request's client is counted, the same for an upgrade; empty where the connection is gone already. */
  networkOf(request: IncomingMessage): string;
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
  return { isTrusted, networkOf: (request) => networkOf(proxyAddress(request, isTrusted) ?? '') };
}

/**
 * What an address is counted as: an IPv6 address as its /64, since that is what one subscriber is given and may choose
 * any address of; an IPv4 address as itself, also where it is written as IPv6 (`::ffff:`).
 */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%', 1);
  if (!isIPv6(plain)) return address;
  const groups = groupsOf(plain);
  const isMapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  if (isMapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** All eight, of an address that is valid. */
function groupsOf(address: string): readonly number[] {
  const [left = [], right = []] = address.split('::').map((side) =>
    side.split(':').flatMap((part) => {
      const [a, b, c, d] = part.split('.').map(Number);
      if (d !== undefined) return [((a ?? 0) << 8) | (b ?? 0), ((c ?? 0) << 8) | d];
      return part === '' ? [] : [Number.parseInt(part, 16)];
    }),
  );
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}
