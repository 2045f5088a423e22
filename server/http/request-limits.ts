import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import type { Principals } from '#server/domain/access/principals.ts';
import { networkOf } from './client-address.ts';
import { keyOf } from './credentials.ts';
import { HTTP_LIMITS } from './http-limits.ts';

/** How a bucket of a key is named; all others are an address's. */
const OF_KEY = 'key ';

/** Counts requests a second: those of a key that is known apart, all others by their address. */
export async function limitRequests(app: FastifyInstance, principals: Principals): Promise<void> {
  await app.register(rateLimit, {
    timeWindow: 1_000,
    keyGenerator: ({ ip, headers }) => bucketOf(ip, headers.authorization, principals),
    max: (_request, bucket) =>
      bucket.startsWith(OF_KEY) ? HTTP_LIMITS.requestsPerKey : HTTP_LIMITS.requestsPerAddress,
    errorResponseBuilder: () =>
      Object.assign(new Error('Too many requests at once: wait a second.'), { statusCode: 429 }),
  });
}

/**
 * What somebody is counted as, always short. A key has a count of its own only once it was found right: a header that
 * says anything, another one each time, is its address's. So is a right key's first request; those that come while it is
 * looked up wait for the answer, so that a machine which begins with a burst is not taken for a stranger.
 */
export async function bucketOf(
  address: string,
  authorization: string | undefined,
  principals: Pick<Principals, 'nameOfKnown'>,
): Promise<string> {
  const network = networkOf(address);
  const key = keyOf({ authorization });
  const name = key === null ? null : await principals.nameOfKnown(key);
  return name === null ? `address ${network}` : `${OF_KEY}${name} ${network}`;
}
