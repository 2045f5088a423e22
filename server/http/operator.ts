import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { gauge, writeMetrics } from '#server/base/metrics.ts';
import type { Services } from '#server/graphql/context.ts';
import { tellDifferences } from '#server/live/tell-differences.ts';
import { type Doorkeeper, readCredential } from './credentials.ts';
import type { Readiness } from './health.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
/** Any of them says that somebody hands a request on. */
const HANDED_ON = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
];
const DELAY_RESOLUTION_MS = 20;
const NANOSECONDS = 1e9;

/**
 * For whoever runs the server: `/metrics` for a program that watches it, `/operator` for a person who wants to know
 * what is wrong. Answers on the machine itself, and elsewhere to an account of role ADMIN. What a proxy hands on is
 * never from the machine itself, however near the proxy is; neither path says anything of a person.
 */
export function serveOperator(
  app: FastifyInstance,
  { live, areas }: Services,
  doorkeeper: Doorkeeper,
  readiness: Readiness,
): void {
  measureProcess();
  const mayLook = async (request: FastifyRequest) => {
    // Who is at the other end of the wire, whatever a proxy that is believed says: it may not say "the machine itself".
    const isHere = LOOPBACK.has(request.socket.remoteAddress ?? '');
    if (isHere && !HANDED_ON.some((name) => name in request.headers)) return true;
    return (await readCredential(doorkeeper, request.headers)).actor?.role === 'ADMIN';
  };
  const told = (path: string, type: string, write: () => string) =>
    app.get(path, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      if (!(await mayLook(request))) {
        return reply.code(403).type('text/plain; charset=utf-8').send(`${FORBIDDEN}\n`);
      }
      return reply.type(type).send(write());
    });

  told('/metrics', 'text/plain; version=0.0.4; charset=utf-8', writeMetrics);
  told('/operator', 'text/plain; charset=utf-8', () => {
    const checks = Object.entries(readiness()).map(
      ([name, holds]) => `  ${holds ? 'ok    ' : 'TIDAK '} ${name}`,
    );
    const { differences, suspendedAt } = live.health();
    return [
      `Revisi · revision ${live.revision}, epoch ${live.epoch}`,
      '',
      'Kesiapan · readiness',
      ...checks,
      '',
      tellDifferences(differences, (id) => areas.byId(id), suspendedAt),
      ...(differences.length > 0 ? [`${WHILE_SUSPENDED}\n`] : []),
    ].join('\n');
  });
}

const WHILE_SUSPENDED = [
  'Pendaftaran tetap diterima dan dicatat; hanya angka di layar yang ditahan. · Intake goes on and is kept; only the figures on screens are held.',
  'Pemulihan membuang semua yang diterima sesudah cadangan itu, juga yang sudah dijawab "diterima": bandingkan revisinya, lalu minta dikirim ulang. · A restore drops everybody taken in since its backup, though they were answered "accepted": compare the revisions, and have them sent again.',
].join('\n');

const FORBIDDEN =
  'Hanya dari mesin ini, atau dengan kunci ADMIN · only from this machine, or with the key of an ADMIN: Authorization: Bearer KEY';

function measureProcess(): void {
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  gauge(
    'kepling_event_loop_delay_seconds',
    'How late the event loop was since the last look',
    () => {
      const measured = { '0.5': delay.percentile(50), '0.99': delay.percentile(99), '1': delay.max };
      delay.reset();
      return Object.fromEntries(
        Object.entries(measured).map(([quantile, ns]) => [quantile, ns / NANOSECONDS]),
      );
    },
    'quantile',
  );
  gauge('kepling_memory_bytes', 'Memory of the server process', () => {
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
    return { rss, heapUsed, external, arrayBuffers };
  });
  gauge('kepling_uptime_seconds', 'Since the server process began', () => process.uptime());
}
