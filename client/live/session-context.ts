import { createContext, use, useSyncExternalStore } from 'react';
import type { Session, Sessions } from '#client/wire/session.ts';

export const SessionContext = createContext<Sessions | null>(null);

export function useSessions(): Sessions {
  const sessions = use(SessionContext);
  if (sessions === null) throw new Error('a screen stands outside its session context');
  return sessions;
}

export function useSession(): Session {
  const { session } = useSessions();
  return useSyncExternalStore(session.subscribe, session.get);
}
