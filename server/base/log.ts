import { type Logger, type LoggerOptions, pino } from 'pino';

export type Log = Logger;

export interface LogOptions {
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Where lines go; standard output by default. A terminal gets one readable line per entry, anything else JSON. */
  readonly stream?: { write(line: string): unknown; readonly isTTY?: boolean };
}

const SECRET_FIELDS = [
  'nik',
  'name',
  'phone',
  'birthDate',
  'occupation',
  'key',
  'authorization',
  'cookie',
  'password',
  'token',
  'sealed',
  'connectionString',
];
const isSecret = new Set(SECRET_FIELDS.map((field) => field.toLowerCase()));
const CENSORED = '[withheld]';
const MAX_DEPTH = 6;

/**
 * The process's log. Fields named after personal data or secrets are withheld at every depth, so that a careless
 * line cannot leak them; errors keep type, message, stack, code and cause, never a driver's `detail`, in which
 * PostgreSQL quotes the row.
 */
export function createLog(options: LogOptions = {}): Log {
  const stream = options.stream ?? process.stdout;
  const settings: LoggerOptions = {
    level: options.level ?? 'info',
    base: null,
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => withhold(fields, 0) as Record<string, unknown>,
      bindings: (fields) => withhold(fields, 0) as Record<string, unknown>,
    },
    // For what a child logger is given, which passes by the formatters.
    redact: { paths: SECRET_FIELDS, censor: CENSORED },
    serializers: { err: describeError },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return pino(settings, stream.isTTY ? { write: (line) => stream.write(readable(line)) } : stream);
}

function withhold(value: unknown, depth: number): unknown {
  if (Array.isArray(value))
    return depth < MAX_DEPTH ? value.map((item) => withhold(item, depth + 1)) : CENSORED;
  if (!isPlain(value)) return value;
  if (depth >= MAX_DEPTH) return CENSORED;
  const kept: Record<string, unknown> = {};
  for (const [field, inner] of Object.entries(value)) {
    kept[field] = isSecret.has(field.toLowerCase()) ? CENSORED : withhold(inner, depth + 1);
  }
  return kept;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A library's message may quote what it was given, and so the number of a person. */
function withoutNumbers(text: string): string {
  return text.replace(/\d(?:[ .-]?\d){11,}/g, CENSORED);
}

interface DescribedError {
  type: string;
  message: string;
  stack?: string;
  code?: string;
  incident?: string;
  cause?: DescribedError;
}

function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutNumbers(String(error)) };
  const described: DescribedError = { type: error.name, message: withoutNumbers(error.message) };
  if (error.stack) described.stack = withoutNumbers(error.stack);
  if ('code' in error && typeof error.code === 'string') described.code = error.code;
  if ('incident' in error && typeof error.incident === 'string') described.incident = error.incident;
  if (error.cause !== undefined && depth < MAX_DEPTH) described.cause = describeError(error.cause, depth + 1);
  return described;
}

const MARKS: Record<string, string> = {
  debug: '\x1b[2m·\x1b[0m ',
  warn: '\x1b[33m!\x1b[0m ',
  error: '\x1b[31m×\x1b[0m ',
  fatal: '\x1b[31m×\x1b[0m ',
};

function readable(line: string): string {
  const { level, time, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const clock = typeof time === 'string' ? time.slice(11, 19) : '';
  const fields = Object.entries(rest).map(
    ([field, value]) => ` ${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const failure = err === undefined ? '' : `\n${traceOf(err as DescribedError)}`;
  return `\x1b[2m${clock}\x1b[0m ${MARKS[String(level)] ?? ''}${String(msg ?? '')}\x1b[2m${fields.join('')}\x1b[0m${failure}\n`;
}

function traceOf(error: DescribedError): string {
  const own = error.stack ?? `${error.type}: ${error.message}`;
  return error.cause ? `${own}\n  caused by ${traceOf(error.cause)}` : own;
}
