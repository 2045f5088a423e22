import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Log } from '#server/base/log.ts';
import type { Actor } from '#server/domain/access/policy.ts';
import { audienceOf, type Context, type Services } from '#server/graphql/context.ts';
import { maskError, notOverHttp, unknownKey } from '#server/graphql/errors.ts';
import { DOCUMENT_LIMITS, documentRules } from '#server/graphql/limits.ts';
import { publicSchema, staffSchema } from '#server/graphql/schema.ts';
import { type Doorkeeper, readCredential, readLanguage } from './credentials.ts';
import { sendGraphiQL, wantsGraphiQL } from './graphiql.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once the credential was read. */
    actor: Actor | null;
  }
}

export interface GraphQLOverHttp {
  close(): Promise<void>;
}

/** `/graphql` over HTTP: one Apollo Server for each schema, chosen by who asks. */
export async function serveGraphQL(
  app: FastifyInstance,
  options: { services: Services; doorkeeper: Doorkeeper; log: Log },
): Promise<GraphQLOverHttp> {
  const { services, doorkeeper, log } = options;
  const isDemo = services.live.program.mode === 'DEMO';
  const open = await startApollo('public', publicSchema, isDemo, log);
  const staff = await startApollo('staff', staffSchema, true, log);
  const context = async (request: FastifyRequest): Promise<Context> => ({
    services,
    audience: audienceOf(request.actor),
    actor: request.actor,
    language: readLanguage(request.headers),
  });
  const handlers = {
    public: fastifyApolloHandler(open, { context }),
    staff: fastifyApolloHandler(staff, { context }),
  };

  app.decorateRequest('actor', null);
  app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    async preHandler(request: FastifyRequest, reply: FastifyReply) {
      if (wantsGraphiQL(request)) return sendGraphiQL(reply);
      const credential = await readCredential(doorkeeper, request.headers);
      if ('isWrong' in credential) {
        const { message, extensions } = unknownKey();
        return reply.code(401).send({ errors: [{ message, extensions }] });
      }
      request.actor = credential.actor;
    },
    handler(request, reply) {
      const side = audienceOf(request.actor) === 'public' ? 'public' : 'staff';
      return handlers[side].call(app, request, reply);
    },
  });
  return {
    async close() {
      await Promise.all([open.stop(), staff.stop()]);
    },
  };
}

/** A subscription is no fault of ours, and nothing is followed for it. */
const ANSWERS_ONCE: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        if (operation?.operation === 'subscription') throw notOverHttp();
      },
    };
  },
};

async function startApollo(audience: 'public' | 'staff', schema: GraphQLSchema, isOpen: boolean, log: Log) {
  const apollo = new ApolloServer<Context>({
    schema,
    // Our own rule decides, the same on the socket.
    introspection: true,
    validationRules: [...documentRules(audience, isOpen)],
    parseOptions: { maxTokens: DOCUMENT_LIMITS.tokens },
    persistedQueries: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    plugins: [ApolloServerPluginLandingPageDisabled(), ANSWERS_ONCE],
    formatError: (_formatted, error) => maskError(error, log),
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message) => log.warn(message),
      error: (message) => log.error(message),
    },
  });
  await apollo.start();
  return apollo;
}
