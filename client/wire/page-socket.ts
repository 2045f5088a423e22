import { openSocket, type Socket } from './socket.ts';

/** The page's one socket, to the server that the page came from. */
export function createPageSocket(location: Location): Socket {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return openSocket({ url: `${scheme}//${location.host}/graphql` });
}
