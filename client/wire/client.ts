/**
 * The page's two wires, made once: Apollo Client (the cache, and questions over HTTP) and the socket for what is live.
 * Live frames do not pass through Apollo's links: they are judged first and only then written into its cache.
 */
import { ApolloClient } from '@apollo/client';
import { HttpLink } from '@apollo/client/link/http';
import { createCache } from './cache.ts';
import { openSocket, type Socket } from './socket.ts';

export function createApollo(): ApolloClient {
  return new ApolloClient({ cache: createCache(), link: new HttpLink({ uri: '/graphql' }) });
}

export function createPageSocket(location: Location): Socket {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return openSocket({ url: `${scheme}//${location.host}/graphql` });
}
