/** Apollo Server with graphql-ws and PubSub, as Apollo's documentation on subscriptions has it. */
import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { PubSub } from 'graphql-subscriptions';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { rootTypes, serveBench, typeDefs } from './frame.mjs';

const pubsub = new PubSub();
pubsub.ee.setMaxListeners(0);
const schema = makeExecutableSchema({
  typeDefs: typeDefs + rootTypes,
  resolvers: {
    Query: { isThere: () => true },
    Subscription: { totalsChanged: { subscribe: () => pubsub.asyncIterableIterator(['TOTALS_CHANGED']) } },
  },
});
const server = createServer();
const wss = new WebSocketServer({ server, path: '/graphql' });
const cleanup = useServer({ schema }, wss);
const apollo = new ApolloServer({
  schema,
  plugins: [
    ApolloServerPluginDrainHttpServer({ httpServer: server }),
    { serverWillStart: async () => ({ drainServer: () => cleanup.dispose() }) },
  ],
});
await apollo.start();
server.listen(0, '127.0.0.1', () => {
  serveBench(
    server.address().port,
    (totalsChanged) => void pubsub.publish('TOTALS_CHANGED', { totalsChanged }),
  );
});
