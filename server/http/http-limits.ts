/** What one client may ask of the machine. Documents have limits of their own. */
export const HTTP_LIMITS = {
  bodyBytes: 128 * 1024,
  /** Requests a second of one key from one address, once the key was found right. */
  requestsPerKey: 2_000,
  /** Requests a second without such a key from one address: carriers put many phones behind one. */
  requestsPerAddress: 400,
  /** Tries to sign in a minute, by address and name. */
  signInsPerMinute: 10,
  /** Tries to sign in a minute from one address, whatever the names: offices put many people behind one. */
  signInsPerAddress: 60,
  /** Passwords judged at the same time: each takes a core some 30 ms. */
  passwordsAtOnce: 4,
} as const;

/** Plain HTTP connections, from when they are made until they are closed or are WebSockets. */
export const CONNECTION_LIMITS = {
  /** From one address: carriers put many phones behind one, and each opens some six. Proxies that are believed: no limit. */
  perAddress: 1_000,
  /** In all, WebSockets among them. */
  total: 40_000,
  /** Until the head of a request is there; also where nothing is sent at all. */
  headersMs: 20_000,
  /** Until all of a request is there. Files come by it too: 20 MB within it are 70 KB a second. */
  requestMs: 300_000,
  /** How often those two times are looked at. */
  checkMs: 5_000,
  /** Between an answer and the next request. */
  idleMs: 72_000,
} as const;

/** What one socket, one address and one account may. `ARCHITECTURE.md` says what happens past each. */
export const SOCKET_LIMITS = {
  messageBytes: 16 * 1024,
  /** Frames that one message may come in. */
  messageFragments: 16,
  /** Pieces, as the network delivered them, of which one frame may be waiting to be put together. */
  messageChunks: 1_024,
  /** Messages, pings and pongs a second, and at once. */
  messagesPerSecond: 20,
  /** Operations under way: subscriptions, and queries not yet answered. */
  subscriptions: 10,
  /** Between the upgrade and `connection_init`. */
  initMs: 3_000,
  /** Sockets from one address that have not said yet who they are. */
  newPerAddress: 200,
  /** Sockets without an account from one address; past it the page polls `/totals.json`. */
  anonymousPerAddress: 200,
  perAccount: 1_000,
  total: 20_000,
  /** How often a ping is sent, and how long its answer may take. */
  pingMs: 10_000,
  /** What waits in the process for one socket; past it frames are passed over and nothing more is read from it. */
  waitingBytes: 64 * 1024,
  /** How long nothing may be taken while bytes wait. */
  stalledMs: 10_000,
  /** Between being told to go and being cut. */
  goodbyeMs: 500,
} as const;
