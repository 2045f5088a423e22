/**
 * Why we close a socket. What passes is 1012 or 1013: a graphql-ws client comes back on those, while on most 44xx it
 * gives up for good.
 */
export const CLOSE = {
  /** This server is going away for a moment. */
  SERVICE_RESTART: { code: 1012, reason: 'Service restart' },
  /** Too much at the moment. */
  TRY_AGAIN_LATER: { code: 1013, reason: 'Try again later' },
  /** A credential was presented and is not valid. */
  UNAUTHENTICATED: { code: 4401, reason: 'Unauthorized' },
  /** What was allowed is so no longer. */
  FORBIDDEN: { code: 4403, reason: 'Forbidden' },
} as const;
