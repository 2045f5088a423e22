/** Mercurius on Fastify with its own subscriptions and its compiler for queries, as its documentation has them. */
import { EventEmitter } from 'node:events';
import fastify from 'fastify';
import mercurius from 'mercurius';
import { rootTypes, serveBench, typeDefs } from './frame.mjs';

EventEmitter.defaultMaxListeners = 0;
const app = fastify();
app.register(mercurius, {
  schema: typeDefs + rootTypes,
  jit: 1,
  subscription: true,
  resolvers: {
    Query: { isThere: () => true },
    Subscription: {
      totalsChanged: {
        subscribe: async (_root, _args, { pubsub }) => await pubsub.subscribe('TOTALS_CHANGED'),
      },
    },
  },
});
await app.listen({ port: 0, host: '127.0.0.1' });
serveBench(app.server.address().port, (totalsChanged) => {
  app.graphql.pubsub.publish({ topic: 'TOTALS_CHANGED', payload: { totalsChanged } });
});
