import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where the built client is. */
const CLIENT = fileURLToPath(new URL('../../dist/client/', import.meta.url));
const PAGES = [
  '/',
  '/board',
  '/sign-in',
  '/leadership',
  '/districts',
  '/districts/:code',
  '/villages/:code',
  '/kepling',
] as const;
const YEAR_SECONDS = 365 * 24 * 3_600;

/** The built client: pages are one document that finds its way by address; assets carry a hash and are kept for good. */
export async function servePages(app: FastifyInstance): Promise<void> {
  if (!existsSync(CLIENT)) {
    app.setNotFoundHandler((_request, reply) =>
      reply
        .code(503)
        .type('text/plain; charset=utf-8')
        .send('Halaman belum dibangun · the pages are not built yet: run "npm start".\n'),
    );
    return;
  }
  await app.register(staticFiles, {
    root: CLIENT,
    index: false,
    preCompressed: true,
    setHeaders(reply, file) {
      const isHashed = file.includes('/assets/');
      reply.header('cache-control', isHashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
    },
  });
  for (const page of PAGES) app.get(page, (_request, reply) => reply.sendFile('index.html'));
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (wantsPage) return reply.code(404).sendFile('index.html');
    return reply.code(404).send({
      errors: [{ message: 'There is nothing at this address.', extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });
}
