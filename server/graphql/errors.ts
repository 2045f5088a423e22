import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { asFault } from '#server/base/fault.ts';
import type { Log } from '#server/base/log.ts';
import { PastBusy } from '#server/domain/metrics/past.ts';
import { LedgerBusy } from '#server/ledger/transactions.ts';

/** Codes that say something about the request; whatever comes without one of them is our own failure. */
const TOLD = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'RATE_LIMITED',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'OPERATION_RESOLUTION_FAILURE',
]);

export function unauthenticated(): GraphQLError {
  return new GraphQLError('This needs an account: send its key as "Authorization: Bearer KEY".', {
    extensions: { code: 'UNAUTHENTICATED' },
  });
}

/** A key was sent, and it is nobody's. */
export function unknownKey(): GraphQLError {
  return new GraphQLError(
    'Nobody here has this key, or no longer: look whether it was copied whole, or ask for a new one.',
    { extensions: { code: 'UNAUTHENTICATED' } },
  );
}

export function tooDeep(): GraphQLError {
  return new GraphQLError('The document is nested too deeply.', { extensions: { code: 'BAD_USER_INPUT' } });
}

/** HTTP answers once; what is followed comes over the socket. With the status that Apollo is to answer with. */
export function notOverHttp(): GraphQLError {
  return new GraphQLError(
    'A subscription comes over the WebSocket of this address (graphql-transport-ws), not over HTTP.',
    { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
  );
}

/**
 * What a client is told of an error, on HTTP and on the socket alike. What is expected is told as it is; a fault is
 * logged with its cause and told as an incident id, never with its message or stack.
 */
export function maskError(error: unknown, log: Log): GraphQLFormattedError {
  const told = error instanceof GraphQLError ? error : null;
  // graphql-js wraps its own errors about a variable in one more of its own: that is still about the document.
  const original = told?.originalError ?? null;
  const cause = original instanceof GraphQLError ? null : original;
  // Apollo wraps what a rule of ours reports, under a code of its own.
  const code = (original instanceof GraphQLError ? original.extensions.code : null) ?? told?.extensions.code;
  const at = {
    ...(told?.locations ? { locations: told.locations } : {}),
    ...(told?.path ? { path: told.path } : {}),
  };
  // Brackets in brackets: the stack ends before the tokens are counted.
  if (code === 'GRAPHQL_PARSE_FAILED' && isOfStack(told))
    return { message: tooDeep().message, extensions: { code: 'BAD_USER_INPUT' } };
  if (cause instanceof LedgerBusy || cause instanceof PastBusy) {
    return { message: cause.message, ...at, extensions: { code: 'RATE_LIMITED' } };
  }
  if (told && typeof code === 'string' && TOLD.has(code)) {
    return { message: withoutValues(told.message), ...at, extensions: { code: codeTold(code) } };
  }
  // Errors without a cause of ours are graphql-js's own about the document: validation, variables, missing operation.
  if (told && cause === null && (code === undefined || code === 'GRAPHQL_VALIDATION_FAILED')) {
    return { message: withoutValues(told.message), ...at, extensions: { code: 'BAD_USER_INPUT' } };
  }
  const fault = asFault(cause ?? error);
  log.error({ err: fault, incident: fault.incident }, 'a request failed');
  return {
    message: `Something went wrong on our side. Nothing is known to have been counted; repeat it with the same key. Incident ${fault.incident}.`,
    ...at,
    extensions: { code: 'INTERNAL_SERVER_ERROR', incident: fault.incident },
  };
}

/** Whether the stack's end is behind an error, however often it was wrapped. */
function isOfStack(error: Error | null | undefined): boolean {
  if (error instanceof GraphQLError) return isOfStack(error.originalError);
  return error instanceof RangeError;
}

/**
 * graphql-js quotes what it was given, and that may be a person: the value goes, what is wrong with it stays. Long
 * runs of digits go wherever they stand.
 */
function withoutValues(message: string): string {
  return message
    .replace(/got invalid value [\s\S]*(?=(?: at "[\w.]+")?; )/, 'got an invalid value')
    .replace(/got invalid value [\s\S]*$/, 'got an invalid value.')
    .replace(/, found [\s\S]*$/, ', found something else.')
    .replace(/cannot represent [^:]*: [\s\S]*$/, 'cannot represent this value.')
    .replace(/\d(?:[ .-]?\d){11,}/g, '…');
}

/** The contract has few codes: what is wrong with a document is bad input. */
function codeTold(code: string): string {
  return code.startsWith('GRAPHQL_') || code.startsWith('OPERATION_') || code === 'BAD_REQUEST'
    ? 'BAD_USER_INPUT'
    : code;
}
