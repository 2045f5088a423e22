import type { FastifyInstance } from 'fastify';
import type { Services } from '#server/graphql/context.ts';
import { renderTotalsJson } from '#server/graphql/totals-json.ts';

/** Nothing is held by a director yet; the place for it is in the tag already. */
const NO_FREEZE = 0;

/** `GET /totals.json`: the public city frame, rendered once per frame however many fetch it. */
export function serveTotals(app: FastifyInstance, services: Services): void {
  const current = () =>
    services.live.hub.current({ areaCode: services.areas.city.code, parts: 'DISTRICT' }, 'public');
  const group = services.live.broadcast.fetched(current, renderTotalsJson(services));

  app.get('/totals.json', (request, reply) => {
    const newest = group.newest();
    if (!newest) throw new Error('There is no city frame.');
    const { frame, bytes } = newest;
    const tag = `"${frame.epoch}-${frame.revision}-${frame.isLoading ? 'LOADING' : frame.kind}-${NO_FREEZE}"`;
    reply
      .header('cache-control', 'max-age=1')
      .header('etag', tag)
      .header('x-as-of', new Date(frame.asOf).toISOString())
      // Whoever only asks has no other way to know the program's time, and so how old this is.
      .header('x-now', new Date(services.live.now()).toISOString());
    if (request.headers['if-none-match'] === tag) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(bytes);
  });
}
