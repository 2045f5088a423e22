import { GraphQLError, Kind } from 'graphql';
import { isDay } from '#server/base/day.ts';
import { builder, PUBLIC } from './builder.ts';

const badInput = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

const parseDay = (value: unknown): string => {
  if (typeof value === 'string' && isDay(value)) return value;
  throw badInput('A Date is a calendar day written yyyy-mm-dd, such as 2025-10-29.');
};

const parseMoment = (value: unknown): number => {
  const ms =
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(value)
      ? Date.parse(value)
      : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw badInput('A DateTime is ISO 8601 with its zone, such as 2025-10-29T01:30:00Z.');
};

builder.scalarType('Date', {
  subGraphs: PUBLIC,
  description: 'A calendar day in Asia/Jakarta, `yyyy-mm-dd`.',
  serialize: (value) => value,
  parseValue: parseDay,
  parseLiteral: (node) => parseDay(node.kind === Kind.STRING ? node.value : null),
});

builder.scalarType('DateTime', {
  subGraphs: PUBLIC,
  description: 'A moment of program time, ISO 8601 in UTC.',
  serialize: (value) => new Date(value).toISOString(),
  parseValue: parseMoment,
  parseLiteral: (node) => parseMoment(node.kind === Kind.STRING ? node.value : null),
});
