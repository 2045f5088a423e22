import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: {
    query?: string;
    variables?: { area?: string | null };
    extensions?: { persistedQuery?: { sha256Hash?: string } };
  };
}

/**
 * A real socket server that speaks graphql-transport-ws by hand, so that it can also be rude. It acknowledges, answers
 * pings, and leaves each subscription to `onSubscribe`. `port` 0 takes a free one; `isMute` names the messages by type
 * that it does not answer. `now` is the program's time, told with each pong where there is one.
 */
export async function startFrameServer(
  port: number,
  onSubscribe: (message: Message, peer: WebSocket) => void,
  {
    isMute = () => false,
    now,
    isPongLate = () => false,
  }: {
    readonly isMute?: (type: string) => boolean;
    readonly now?: () => number | undefined;
    readonly isPongLate?: () => boolean;
  } = {},
) {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http, handleProtocols: () => 'graphql-transport-ws' });
  const subscribed: Message[] = [];
  sockets.on('connection', (peer) => {
    peer.on('message', (data) => {
      const message = JSON.parse(String(data)) as Message;
      if (isMute(message.type)) return;
      if (message.type === 'connection_init') peer.send(JSON.stringify({ type: 'connection_ack' }));
      if (message.type === 'ping') {
        const nowMs = now?.();
        const payload = nowMs === undefined ? undefined : { now: new Date(nowMs).toISOString() };
        const answer = () => peer.send(JSON.stringify({ type: 'pong', payload }));
        if (isPongLate()) setImmediate(answer);
        else answer();
      }
      if (message.type === 'subscribe') {
        subscribed.push(message);
        onSubscribe(message, peer);
      }
    });
  });
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  return {
    port: (http.address() as AddressInfo).port,
    /** Connections that stand. */
    get peers() {
      return sockets.clients.size;
    },
    subscribed,
    /** Ends every connection without a word. */
    cut() {
      for (const peer of sockets.clients) peer.terminate();
    },
    async stop() {
      for (const peer of sockets.clients) peer.terminate();
      sockets.close();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** One frame as the answer to a subscription; only what the reader looks at need be in it. */
export function sendFrame(message: Message, peer: WebSocket, totalsChanged: object): void {
  peer.send(JSON.stringify({ id: message.id, type: 'next', payload: { data: { totalsChanged } } }));
}
