import type { AuditNote } from './audit.ts';
import type { EnrollCommand, LedgerAnswer, LedgerCommand, WithdrawCommand } from './command.ts';
import type { Entry } from './entry.ts';
import { type PersistencyClass, personFigures } from './figures.ts';

/** A month that is paid for: `yyyy-mm` and `yyyy-mm-dd`. */
export interface CoveredMonth {
  readonly period: string;
  readonly paidOn: string;
}

/** Which class of payer a person is in once `closedDay` is closed. A rule of the domain, given to the ledger. */
export type Classify = (person: {
  readonly enrolledOn: string;
  readonly covered: readonly CoveredMonth[];
  readonly closedDay: string;
}) => PersistencyClass;

/** What the database knew, read under the lock, about everything the group mentions. */
export interface Known {
  /** Answers given before, by `principalId key`. */
  readonly keys: ReadonlyMap<string, { inputHash: string; answer: LedgerAnswer }>;
  /** Participants by NIK hash (hex), and whether one of their enrollments counts or waits. */
  readonly people: ReadonlyMap<string, KnownPerson>;
  /** Enrollments that the group wants to withdraw. */
  readonly enrollments: ReadonlyMap<string, KnownEnrollment>;
}

export interface KnownPerson {
  readonly participantId: string;
  readonly isActive: boolean;
  /** Months paid in an earlier enrollment. */
  readonly covered: readonly CoveredMonth[];
}

export interface KnownEnrollment {
  readonly neighborhoodId: number;
  readonly nikHash: string;
  readonly status: 'PENDING' | 'ENROLLED' | 'WITHDRAWN';
  readonly monthsCovered: number;
  readonly persistency: PersistencyClass;
}

export interface NewEnrollment {
  readonly command: EnrollCommand;
  /** Differs from the command's where the person was known and had been withdrawn. */
  readonly participantId: string;
  readonly monthsCovered: number;
  readonly persistency: PersistencyClass;
}

/** What one commit is to write, and what each caller is told. */
export interface Settlement {
  readonly answers: readonly LedgerAnswer[];
  readonly participants: readonly EnrollCommand[];
  readonly enrollments: readonly NewEnrollment[];
  readonly withdrawals: readonly WithdrawCommand[];
  readonly keys: readonly { command: LedgerCommand; answer: LedgerAnswer }[];
  readonly entries: readonly Entry[];
  readonly audit: readonly AuditNote[];
}

export function keyName(principalId: number, key: string): string {
  return `${principalId} ${key}`;
}

/**
 * Judges a group of commands in their order, as if each had been alone: a NIK, key or enrollment that an earlier
 * command of the same group took is taken. Pure; an accepted command gets the revision after `headRevision`.
 */
export function settle(
  commands: readonly LedgerCommand[],
  known: Known,
  headRevision: number,
  closedDay: string,
  classify: Classify,
): Settlement {
  const revision = headRevision + 1;
  const keys = new Map(known.keys);
  const people = new Map(known.people);
  const enrollments = new Map(known.enrollments);
  const out = {
    answers: [] as LedgerAnswer[],
    participants: [] as EnrollCommand[],
    enrollments: [] as NewEnrollment[],
    withdrawals: [] as WithdrawCommand[],
    keys: [] as { command: LedgerCommand; answer: LedgerAnswer }[],
    entries: [] as Entry[],
    audit: [] as AuditNote[],
  };

  const enroll = (command: EnrollCommand): LedgerAnswer => {
    const hash = command.nikHash.toString('hex');
    const person = people.get(hash);
    if (person?.isActive) return { outcome: 'DUPLICATE', revision: headRevision };
    const participantId = person?.participantId ?? command.participantId;
    if (!person) out.participants.push(command);
    const covered = person?.covered ?? [];
    const persistency = classify({ enrolledOn: command.enrolledOn, covered, closedDay });
    people.set(hash, { participantId, isActive: true, covered });
    out.enrollments.push({ command, participantId, monthsCovered: covered.length, persistency });
    out.entries.push({
      kind: 'ENROLLED',
      neighborhoodId: command.neighborhoodId,
      enrollmentId: command.enrollmentId,
      reason: null,
      change: command.isVerified ? personFigures(1, covered.length, persistency) : { pending: 1 },
    });
    out.audit.push({ principalId: command.principalId, action: 'enroll', subject: command.enrollmentId });
    return { outcome: 'ACCEPTED', enrollmentId: command.enrollmentId, revision };
  };

  const withdraw = (command: WithdrawCommand): LedgerAnswer => {
    const found = enrollments.get(command.enrollmentId);
    if (!found) return { outcome: 'NOT_FOUND', revision: headRevision };
    if (found.status === 'WITHDRAWN') return { outcome: 'ALREADY_WITHDRAWN', revision: headRevision };
    enrollments.set(command.enrollmentId, { ...found, status: 'WITHDRAWN' });
    const person = people.get(found.nikHash);
    if (person) people.set(found.nikHash, { ...person, isActive: false });
    out.withdrawals.push(command);
    out.entries.push({
      kind: 'WITHDRAWN',
      neighborhoodId: found.neighborhoodId,
      enrollmentId: command.enrollmentId,
      reason: command.reason,
      change:
        found.status === 'ENROLLED'
          ? personFigures(-1, found.monthsCovered, found.persistency)
          : { pending: -1 },
    });
    out.audit.push({ principalId: command.principalId, action: 'withdraw', subject: command.enrollmentId });
    return { outcome: 'ACCEPTED', enrollmentId: command.enrollmentId, revision };
  };

  for (const command of commands) {
    const name = command.key && keyName(command.principalId, command.key.text);
    const before = name ? keys.get(name) : undefined;
    if (before && command.key) {
      const isSame = before.inputHash === command.key.inputHash.toString('hex');
      out.answers.push(isSame ? before.answer : { outcome: 'KEY_CONFLICT', revision: headRevision });
      continue;
    }
    const answer = command.kind === 'enroll' ? enroll(command) : withdraw(command);
    out.answers.push(answer);
    if (name && command.key) {
      keys.set(name, { inputHash: command.key.inputHash.toString('hex'), answer });
      out.keys.push({ command, answer });
    }
  }
  return out;
}
