import { counter } from './metrics.ts';

/** What may be said no to. The name is the type in the schema; the client switches on it exhaustively. */
export const REFUSAL_CODES = {
  InvalidNik: 'INVALID_NIK',
  InvalidInput: 'INVALID_INPUT',
  UnknownNeighborhood: 'UNKNOWN_NEIGHBORHOOD',
  DuplicateEnrollment: 'DUPLICATE_ENROLLMENT',
  UnknownEnrollment: 'UNKNOWN_ENROLLMENT',
  AlreadyWithdrawn: 'ALREADY_WITHDRAWN',
  NotPermitted: 'NOT_PERMITTED',
  IdempotencyConflict: 'IDEMPOTENCY_CONFLICT',
  ProgramNotOpen: 'PROGRAM_NOT_OPEN',
} as const;

export type RefusalName = keyof typeof REFUSAL_CODES;

/** An expected no: a value, not an exception. Nothing was changed. */
export interface Refusal {
  readonly refusal: RefusalName;
  /** The input's field that it is about; null where it is about the whole. */
  readonly field: string | null;
  /** Which of its texts says it best (`refusal.InvalidNik.LENGTH`); null for the general one. */
  readonly problem: string | null;
}

const refusals = counter('kepling_refusals_total', 'Refusals by code', 'code');

export function refuse(
  refusal: RefusalName,
  field: string | null = null,
  problem: string | null = null,
): Refusal {
  refusals.add(1, REFUSAL_CODES[refusal]);
  return { refusal, field, problem };
}

export function isRefusal(value: object): value is Refusal {
  return 'refusal' in value;
}
