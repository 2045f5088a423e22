/**
 * Apollo Client: the cache that a screen's pictures are kept in. Live frames do not pass through its links: they come
 * by the page's socket (`page-socket.ts`), are judged first and only then written into the cache.
 */
import { ApolloClient } from '@apollo/client';
import { HttpLink } from '@apollo/client/link/http';
import { createCache } from './cache.ts';

export function createApollo(): ApolloClient {
  return new ApolloClient({ cache: createCache(), link: new HttpLink({ uri: '/graphql' }) });
}
