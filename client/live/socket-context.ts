import { createContext, use } from 'react';
import type { Socket } from '#client/wire/socket.ts';

export const SocketContext = createContext<Socket | null>(null);

/** The page's one socket; it connects with the first follower. */
export function usePageSocket(): Socket {
  const socket = use(SocketContext);
  if (socket === null) throw new Error('a screen stands outside its socket context');
  return socket;
}
