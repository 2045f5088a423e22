import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Actor } from '#server/domain/access/policy.ts';
import type { Services } from '#server/graphql/context.ts';
import { catalog, type TextKey } from '#texts/catalog.ts';
import { networkOf } from './client-address.ts';
import { type Doorkeeper, readCredential, readLanguage } from './credentials.ts';
import { HTTP_LIMITS } from './http-limits.ts';

const SIGN_IN = z.object({ username: z.string().min(1).max(100), password: z.string().min(1).max(200) });

/**
 * `/session`: POST signs in, GET says who one is, DELETE signs out. The cookie is HttpOnly and SameSite=Strict, and
 * only JSON is read, so that another site can send nothing in a reader's name. Other origins of the same site are kept
 * out by `own-origin.ts`.
 */
export function serveSessions(
  app: FastifyInstance,
  services: Services,
  doorkeeper: Doorkeeper,
  onSessionEnded: () => Promise<void>,
): void {
  const { people, principals } = doorkeeper;
  // After the body is read: the name in it is half of what is counted.
  const tries = {
    max: HTTP_LIMITS.signInsPerMinute,
    timeWindow: 60_000,
    keyGenerator: tryOf,
    hook: 'preHandler',
    errorResponseBuilder: (request: FastifyRequest) =>
      Object.assign(new Error(catalog['session.tooMany'][readLanguage(request.headers)]), {
        statusCode: 429,
      }),
  } as const;
  const byAddress = app.createRateLimit({
    max: HTTP_LIMITS.signInsPerAddress,
    timeWindow: 60_000,
    keyGenerator: (request) => `sign-in ${networkOf(request.ip)}`,
  });
  let judging = 0;

  app.post('/session', { config: { rateLimit: tries } }, async (request, reply) => {
    const input = SIGN_IN.safeParse(request.body);
    if (!input.success) return refuse(request, reply, 400, 'session.incomplete', 'BAD_USER_INPUT');
    const tried = await byAddress(request);
    if (!tried.isAllowed && tried.isExceeded) {
      return refuse(request, reply.header('retry-after', 60), 429, 'session.tooMany', 'RATE_LIMITED');
    }
    if (judging >= HTTP_LIMITS.passwordsAtOnce) {
      return refuse(request, reply.header('retry-after', 1), 429, 'session.busy', 'RATE_LIMITED');
    }
    const { username, password } = input.data;
    judging++;
    const signedIn = await people.signIn(username, password, headersOf(request)).finally(() => judging--);
    const actor = signedIn ? await principals.byUser(signedIn.userId) : null;
    if (!signedIn || !actor) return refuse(request, reply, 401, 'session.wrong', 'UNAUTHENTICATED');
    return reply.header('set-cookie', [...signedIn.setCookies]).send(describe(services, actor, username));
  });

  app.get('/session', async (request, reply) => {
    const { actor } = await readCredential(doorkeeper, request.headers);
    if (!actor) return refuse(request, reply, 401, 'session.none', 'UNAUTHENTICATED');
    // Whoever keeps a page open stays signed in: the browser's cookie lives as long as the session does.
    const renewed = await people.renew(headersOf(request));
    return reply
      .header('cache-control', 'no-store')
      .header('set-cookie', [...renewed])
      .send(describe(services, actor, await nameOf(services, actor)));
  });

  app.delete('/session', async (request, reply) => {
    const { hasEnded, setCookies } = await people.signOut(headersOf(request));
    // Telling it makes the server read every grant again: not for whoever had nothing to end.
    if (hasEnded) await onSessionEnded();
    return reply
      .header('set-cookie', [...setCookies])
      .code(204)
      .send();
  });
}

/** One bucket per address and name: guessing one name locks nobody else out, and not its owner elsewhere. */
function tryOf(request: FastifyRequest): string {
  const { username } = (request.body ?? {}) as { username?: unknown };
  return `${networkOf(request.ip)} ${typeof username === 'string' ? username.slice(0, 100).toLowerCase() : ''}`;
}

function describe(services: Services, actor: Actor, username: string) {
  const area = services.areas.byCode(actor.areaCode);
  return {
    username,
    role: actor.role,
    area: { code: actor.areaCode, name: area?.name ?? actor.areaCode, level: area?.level ?? null },
  };
}

async function nameOf(services: Services, actor: Actor): Promise<string> {
  const row = await services.prisma.principal.findUniqueOrThrow({ where: { id: actor.principalId } });
  return row.username;
}

function headersOf(request: FastifyRequest): Headers {
  const { cookie, 'user-agent': agent } = request.headers;
  return new Headers({
    ...(cookie ? { cookie } : {}),
    ...(agent ? { 'user-agent': agent } : {}),
    'x-forwarded-for': request.ip,
  });
}

type SessionText = Extract<TextKey, `session.${string}`>;

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  text: SessionText,
  code: string,
) {
  const message = catalog[text][readLanguage(request.headers)];
  return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
}
