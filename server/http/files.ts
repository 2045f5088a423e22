import { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '#server/base/clock.ts';
import { type Actor, may } from '#server/domain/access/policy.ts';
import {
  type FileProblem,
  type FileProblemName,
  fileProblem,
  isFileProblem,
  tellProblem,
} from '#server/domain/imports/problems.ts';
import type { Upload, Uploads } from '#server/domain/imports/uploads.ts';
import { unauthenticated } from '#server/graphql/errors.ts';
import { catalog, type Language } from '#texts/catalog.ts';
import { type Doorkeeper, readCredential, readLanguage } from './credentials.ts';

/** How long a sender may be silent, and how long one who did not ask otherwise waits for the counts. */
const SILENCE_LIMIT_MS = 30_000;
const WAIT_LIMIT_MS = 60_000;

const ANSWERS: Partial<Record<FileProblemName, readonly [number, string]>> = {
  NOT_PERMITTED: [403, 'FORBIDDEN'],
  TOO_LARGE: [413, 'BAD_USER_INPUT'],
  TOO_MANY_ROWS: [413, 'BAD_USER_INPUT'],
  BUSY: [429, 'RATE_LIMITED'],
  NOT_OPEN: [503, 'RATE_LIMITED'],
};

/**
 * `POST /imports`: one file, as a form's or as the body itself, taken in while the sender waits; after a minute, or
 * at once with `Prefer: respond-async`, the answer is 202 and `GET /imports/:id` tells how far it is. The rows that
 * were not accepted are `GET /imports/:id/report.csv`, for whoever sent the file.
 */
export async function serveFiles(
  app: FastifyInstance,
  options: { uploads: Uploads; doorkeeper: Doorkeeper; clock: Clock },
): Promise<void> {
  const { uploads, doorkeeper, clock } = options;
  const routes: FastifyPluginAsync = async (scope) => {
    // A file is read as it comes, whatever the browser takes it for.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    await scope.register(multipart, { limits: { fileSize: Number.POSITIVE_INFINITY, files: 2, parts: 10 } });

    scope.addHook('onRequest', async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { authorization, cookie } = request.headers;
      const { actor } = await readCredential(doorkeeper, { authorization, cookie });
      if (!actor) {
        const { message, extensions } = unauthenticated();
        return reply.code(401).send({ errors: [{ message, extensions }] });
      }
      if (!may(actor, 'import'))
        return refuse(reply, fileProblem('NOT_PERMITTED'), readLanguage(request.headers));
      request.actor = actor;
    });

    scope.post('/imports', async (request, reply) => {
      const language = readLanguage(request.headers);
      const upload = await receive(uploads, request, clock).catch((error: unknown) => {
        if (error instanceof SeveralFiles) return fileProblem('SEVERAL_FILES');
        if (error instanceof SenderBrokeOff) return fileProblem('NO_FILE');
        throw error;
      });
      if (isFileProblem(upload)) return refuse(reply, upload, language);
      const isWaiting = !/\brespond-async\b/i.test(String(request.headers.prefer ?? ''));
      if (isWaiting) await atMost(WAIT_LIMIT_MS, upload.ended, clock);
      reply.header('location', `/imports/${upload.id}`);
      return answer(reply, upload, language, 202);
    });

    scope.get<{ Params: { id: string } }>('/imports/:id', async (request, reply) => {
      const upload = uploads.find(request.actor as Actor, request.params.id);
      const language = readLanguage(request.headers);
      return upload ? answer(reply, upload, language, 200) : missing(reply, language);
    });

    scope.get<{ Params: { id: string } }>('/imports/:id/report.csv', async (request, reply) => {
      const report = uploads.find(request.actor as Actor, request.params.id)?.report;
      if (!report) return missing(reply, readLanguage(request.headers));
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="laporan-impor.csv"')
        .send(Readable.from(report.read()));
    });
  };
  await app.register(routes);
}

/** What was sent ended in the middle, or is no form that can be read: no failure of ours. */
class SenderBrokeOff extends Error {}
/** Which of them was meant is not guessed. */
class SeveralFiles extends Error {}

async function receive(
  uploads: Uploads,
  request: FastifyRequest,
  clock: Clock,
): Promise<Upload | FileProblem> {
  const { body } = request;
  const file = request.isMultipart() ? onlyFileOf(request) : body instanceof Readable ? body : null;
  if (!file) return fileProblem('NO_FILE');
  return uploads.receive(request.actor as Actor, whileSending(file, request, clock));
}

/** The bytes of a form's one file. It ends after the form has: until then another file may still come. */
async function* onlyFileOf(request: FastifyRequest): AsyncGenerator<Uint8Array> {
  let files = 0;
  for await (const part of request.parts()) {
    if (part.type !== 'file') continue;
    if (++files > 1) throw new SeveralFiles();
    yield* part.file;
  }
  if (files === 0) throw new SenderBrokeOff('There is no file in this form.');
}

/** Who sends nothing for half a minute is not waited for; who sends slowly is. */
async function* whileSending(
  file: AsyncIterable<Uint8Array>,
  request: FastifyRequest,
  clock: Clock,
): AsyncGenerator<Uint8Array> {
  const listen = () => clock.after(SILENCE_LIMIT_MS, () => request.raw.destroy(), { background: true });
  let stopListening = listen();
  try {
    for await (const chunk of file) {
      stopListening();
      stopListening = listen();
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof SeveralFiles) throw cause;
    throw new SenderBrokeOff('The file ended in the middle.', { cause });
  } finally {
    stopListening();
  }
}

function answer(reply: FastifyReply, upload: Upload, language: Language, whileRunning: number): FastifyReply {
  const { id, state, count, notes, problem, incident } = upload;
  if (problem) return refuse(reply, problem, language);
  const told = {
    id,
    state,
    kind: count?.kind ?? null,
    rows: count?.rows ?? 0,
    accepted: count?.accepted ?? 0,
    duplicate: count?.duplicate ?? 0,
    rejected: count?.rejected ?? 0,
    revision: count?.revision ?? null,
    percent: Math.floor((count?.share ?? 0) * 100),
    report: notes.map(({ line, verdict }) => ({
      line,
      field: verdict.heading,
      reason: catalog[verdict.reason][language],
    })),
    reportUrl: upload.report ? `/imports/${id}/report.csv` : null,
  };
  if (state !== 'FAILED') return reply.code(state === 'RUNNING' ? whileRunning : 200).send(told);
  const message = catalog['import.failed'][language].replace('{incident}', incident ?? '');
  const extensions = { code: 'INTERNAL_SERVER_ERROR', incident };
  return reply.code(500).send({ ...told, errors: [{ message, extensions }] });
}

function refuse(reply: FastifyReply, problem: FileProblem, language: Language): FastifyReply {
  const [status, code] = ANSWERS[problem.problem] ?? [400, 'BAD_USER_INPUT'];
  const { line, problem: reason } = problem;
  const message = tellProblem(problem, language);
  return reply.code(status).send({ errors: [{ message, extensions: { code, reason, line } }] });
}

/** An import of somebody else's and one that never was get the same answer. */
function missing(reply: FastifyReply, language: Language): FastifyReply {
  const message = catalog['import.unknown'][language];
  return reply.code(404).send({ errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] });
}

/** Resolves when `ended` does, or after `ms`. */
async function atMost(ms: number, ended: Promise<void>, clock: Clock): Promise<void> {
  let cancel = () => {};
  const late = new Promise<void>((resolve) => {
    cancel = clock.after(ms, resolve);
  });
  await Promise.race([ended, late]);
  cancel();
}
