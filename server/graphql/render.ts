import { type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { Log } from '#server/base/log.ts';
import type { Audience } from '#server/live/topic.ts';
import type { Context, Services } from './context.ts';
import { maskError } from './errors.ts';

/**
 * What an execution for many knows: who it is for, and nothing of who asks. A resolver that wants the reader, or the
 * reader's language, throws.
 */
export function sharedContext(services: Services, audience: Audience): Context {
  const refuse = (what: string): never => {
    throw new Error(
      `An answer for many cannot depend on ${what}: take it from the audience, or do not share.`,
    );
  };
  return {
    services,
    audience,
    get actor() {
      return refuse('one reader');
    },
    get language() {
      return refuse("one reader's language");
    },
  };
}

/** Executes on what is in memory. Throws where a resolver waits: a frame's fields are of its own moment. */
export function executeAtOnce(args: ExecutionArgs): ExecutionResult {
  const result = execute(args);
  if (!(result instanceof Promise)) return result;
  result.catch(() => undefined);
  throw new Error('A frame is made from memory: none of its fields may wait.');
}

/** An answer as JSON in UTF-8, the same as a subscriber of its own would be sent: errors as they may be told. */
export function writeAnswer(answer: () => ExecutionResult, log: Log): Buffer {
  let result: ExecutionResult;
  try {
    result = answer();
  } catch (error) {
    return write({ data: null, errors: [maskError(error, log)] });
  }
  const { errors, data } = result;
  return write(
    errors ? { data: data ?? null, errors: errors.map((error) => maskError(error, log)) } : result,
  );
}

function write(answer: object): Buffer {
  return Buffer.from(JSON.stringify(answer));
}
