/** GraphQL Yoga over graphql-ws, as Yoga's documentation on WebSockets has it. */
import { createServer } from 'node:http';
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub, createSchema, createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { rootTypes, serveBench, typeDefs } from './frame.mjs';

const pubSub = createPubSub();
const yoga = createYoga({
  schema: createSchema({
    typeDefs: typeDefs + rootTypes,
    resolvers: {
      Query: { isThere: () => true },
      Subscription: {
        totalsChanged: { subscribe: () => pubSub.subscribe('totalsChanged'), resolve: (frame) => frame },
      },
    },
  }),
  logging: false,
});
const server = createServer(yoga);
const wss = new WebSocketServer({ server, path: yoga.graphqlEndpoint });
useServer(
  {
    execute: (args) => args.rootValue.execute(args),
    subscribe: (args) => args.rootValue.subscribe(args),
    onSubscribe: async (context, _id, params) => {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...context,
        req: context.extra.request,
        socket: context.extra.socket,
        params,
      });
      const args = {
        schema,
        operationName: params.operationName,
        document: parse(params.query),
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      };
      const errors = validate(args.schema, args.document);
      return errors.length > 0 ? errors : args;
    },
  },
  wss,
);
server.listen(0, '127.0.0.1', () => {
  serveBench(server.address().port, (frame) => pubSub.publish('totalsChanged', frame));
});
