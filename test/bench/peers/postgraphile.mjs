/**
 * PostGraphile 5 (Grafast and Grafserv) with a subscription field of its own, as its documentation on subscriptions
 * has it. Without tables: a source in memory stands where its own listens to PostgreSQL.
 */
import { EventEmitter, on } from 'node:events';
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { listen } from 'postgraphile/grafast';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { extendSchema } from 'postgraphile/utils';
import { serveBench, typeDefs } from './frame.mjs';

const emitter = new EventEmitter();
emitter.setMaxListeners(0);
const source = {
  async subscribe(topic) {
    const events = on(emitter, topic);
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        const { value, done } = await events.next();
        return { value: value?.[0], done };
      },
      return: () => events.return(),
    };
  },
};
const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [
    extendSchema(() => ({
      typeDefs: `${typeDefs}\nextend type Query { isThere: Boolean! }\nextend type Subscription { totalsChanged: TotalsFrame! }`,
      objects: {
        Subscription: {
          plans: {
            totalsChanged: { subscribePlan: () => listen(source, 'totalsChanged'), plan: (frame) => frame },
          },
        },
      },
    })),
  ],
  grafserv: { websockets: true, graphqlPath: '/graphql' },
  grafast: { explain: false },
  pgServices: [],
};
const server = createServer();
server.on('error', (error) => {
  throw error;
});
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(0, '127.0.0.1', () => {
  serveBench(server.address().port, (frame) => emitter.emit('totalsChanged', frame));
});
