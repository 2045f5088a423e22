export interface CloseReason {
  readonly code: number;
  readonly reason: string;
}

/**
 * Why we close a socket. What passes is 1012 or 1013: a graphql-ws client comes back on those, while on most 44xx and
 * on 1008 it gives up for good. The protocol's own codes for what a client did wrong are graphql-ws's.
 */
export const CLOSE = {
  /** This server is going away for a moment. */
  SERVICE_RESTART: { code: 1012, reason: 'Service restart' },
  /** Too much at the moment. */
  TRY_AGAIN_LATER: { code: 1013, reason: 'Try again later' },
  TOO_FAST: { code: 1013, reason: 'Too many messages a second' },
  /** The same would be too much another time. */
  TOO_MANY_SUBSCRIPTIONS: { code: 1008, reason: 'Too many subscriptions on one socket' },
  /** The protocol's own code for it; a client comes back on it. */
  INIT_TIMEOUT: { code: 4408, reason: 'Connection initialisation timeout' },
  /** A credential was presented and is not valid. */
  UNAUTHENTICATED: { code: 4401, reason: 'Unauthorized' },
  /** What was allowed is so no longer. */
  FORBIDDEN: { code: 4403, reason: 'Forbidden' },
} as const satisfies Record<string, CloseReason>;
