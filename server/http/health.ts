import type { FastifyInstance } from 'fastify';

/** Everything that has to hold before a crowd is shown this server. Asked anew each time; asks nobody who may hang. */
export interface ReadinessChecks {
  readonly database: boolean;
  /** What is taken in finds room on the disk. */
  readonly roomToWrite: boolean;
  readonly migrations: boolean;
  readonly demonstrationLoaded: boolean;
  readonly accountsWritten: boolean;
  readonly feedCaughtUp: boolean;
  readonly sumsAgree: boolean;
}
export type Readiness = () => ReadinessChecks;

/** `/healthz`: alive, asks nothing. `/readyz`: 200 where every check holds, else 503 and which do not. */
export function serveHealth(app: FastifyInstance, readiness: Readiness): void {
  app.get('/healthz', (_request, reply) => reply.header('cache-control', 'no-store').send({ alive: true }));
  app.get('/readyz', (_request, reply) => {
    const checks = readiness();
    const ready = Object.values(checks).every(Boolean);
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ready, checks });
  });
}
