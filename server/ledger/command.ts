import type { WithdrawReason } from './entry.ts';

/** A caller's own name for a command: the same key and input get the first answer again. */
export interface CommandKey {
  readonly text: string;
  /** Keyed hash of the input's canonical form: an input holds a NIK. */
  readonly inputHash: Buffer;
}

/** A person judged acceptable by the rules, ready to be counted. Only the ledger can say whether it is a duplicate. */
export interface EnrollCommand {
  readonly kind: 'enroll';
  readonly principalId: number;
  /** Null for rows of a batch: there the NIK alone tells what was done before. */
  readonly key: CommandKey | null;
  readonly enrollmentId: string;
  readonly participantId: string;
  readonly nikHash: Buffer;
  readonly keyId: number;
  readonly sealed: Buffer;
  readonly isSimulated: boolean;
  readonly neighborhoodId: number;
  /** Whether whoever enrolls may also verify; a pending person is not inside `enrolled`. */
  readonly isVerified: boolean;
  /** `yyyy-mm-dd`. */
  readonly enrolledOn: string;
}

export interface WithdrawCommand {
  readonly kind: 'withdraw';
  readonly principalId: number;
  readonly key: CommandKey | null;
  readonly enrollmentId: string;
  readonly reason: WithdrawReason;
  /** A note, sealed; null where none was written. */
  readonly note: { readonly keyId: number; readonly sealed: Buffer } | null;
}

export type LedgerCommand = EnrollCommand | WithdrawCommand;

/** `revision`: the commit that counted it; for a no, the newest revision when it was judged. */
export type LedgerAnswer =
  | { readonly outcome: 'ACCEPTED'; readonly enrollmentId: string; readonly revision: number }
  | { readonly outcome: 'DUPLICATE' | 'NOT_FOUND' | 'ALREADY_WITHDRAWN'; readonly revision: number }
  | { readonly outcome: 'KEY_CONFLICT'; readonly revision: number };
