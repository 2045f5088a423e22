import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The page brings its own script and style along, so that it works in a hall without the internet. */
const POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'self'";
const WELCOME = `# Papan langsung Empowering Kepling. Coba · try:
subscription {
  totalsChanged(parts: DISTRICT) {
    revision
    kind
    whole { totals { enrolled gap achievement } }
    parts { rank area { name } totals { enrolled target } }
  }
}
`;

/** Whether a person looks at this address with a browser, and no program asks it something. */
export function wantsGraphiQL(request: FastifyRequest): boolean {
  const isAsking = request.method !== 'GET' || 'query' in ((request.query ?? {}) as object);
  return !isAsking && (request.headers.accept ?? '').includes('text/html');
}

let page: Promise<Buffer> | null = null;

/** Nine megabytes of page, read, made and compressed once, when somebody first asks for it. */
export async function sendGraphiQL(reply: FastifyReply): Promise<FastifyReply> {
  page ??= makePage();
  // Before any header of its own: what goes wrong is answered as everywhere.
  const bytes = await page;
  return reply
    .header('content-security-policy', POLICY)
    .header('content-encoding', 'gzip')
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(bytes);
}

async function makePage(): Promise<Buffer> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return await promisify(gzip)(
    renderGraphiQL({
      title: 'Empowering Kepling · GraphQL',
      endpoint: '/graphql',
      subscriptionsProtocol: 'WS',
      defaultQuery: WELCOME,
    }),
  );
}
