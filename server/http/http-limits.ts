/** What one client may ask of the machine. Documents have limits of their own. */
export const HTTP_LIMITS = {
  bodyBytes: 128 * 1024,
  /** Requests a second of one key from one address. */
  requestsPerKey: 2_000,
  /** Requests a second without a key from one address: carriers put many phones behind one. */
  requestsPerAddress: 400,
  /** Tries to sign in a minute, by address and name. */
  signInsPerMinute: 10,
  /** Tries to sign in a minute from one address, whatever the names: offices put many people behind one. */
  signInsPerAddress: 60,
  /** Passwords judged at the same time: each takes a core some 30 ms. */
  passwordsAtOnce: 4,
} as const;

export const SOCKET_LIMITS = {
  messageBytes: 16 * 1024,
  initMs: 3_000,
  /** Sockets without an account from one address; past it the page polls `/totals.json`. */
  anonymousPerAddress: 200,
  total: 20_000,
  subscriptions: 10,
  pingMs: 10_000,
} as const;
