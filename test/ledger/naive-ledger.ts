import type { EnrollCommand, LedgerCommand, WithdrawCommand } from '#server/ledger/command.ts';
import type { WithdrawReason } from '#server/ledger/entry.ts';

/** What a command comes to, without the revision, which depends on who shared its commit. */
export type NaiveAnswer =
  | { readonly outcome: 'ACCEPTED'; readonly enrollmentId: string }
  | { readonly outcome: 'DUPLICATE' | 'NOT_FOUND' | 'ALREADY_WITHDRAWN' | 'KEY_CONFLICT' };

export interface NaivePerson {
  readonly enrollmentId: string;
  readonly nikHash: string;
  readonly neighborhoodId: number;
  readonly isVerified: boolean;
  withdrawn: WithdrawReason | null;
}

/** The ledger as one would explain it: a list of people, one command after another, no groups and no sums. */
export class NaiveLedger {
  readonly people: NaivePerson[] = [];
  readonly #answered = new Map<string, { readonly input: string; readonly answer: NaiveAnswer }>();

  execute(command: LedgerCommand): NaiveAnswer {
    const { key } = command;
    if (!key) return this.#judge(command);
    const name = JSON.stringify([command.principalId, key.text]);
    const input = key.inputHash.toString('hex');
    const before = this.#answered.get(name);
    if (before) return before.input === input ? before.answer : { outcome: 'KEY_CONFLICT' };
    const answer = this.#judge(command);
    this.#answered.set(name, { input, answer });
    return answer;
  }

  /** Of one neighborhood: enrolled, and waiting for verification. */
  count(neighborhoodId: number): { enrolled: number; pending: number } {
    const there = this.people.filter(
      (one) => one.neighborhoodId === neighborhoodId && one.withdrawn === null,
    );
    const enrolled = there.filter((one) => one.isVerified).length;
    return { enrolled, pending: there.length - enrolled };
  }

  #judge(command: LedgerCommand): NaiveAnswer {
    return command.kind === 'enroll' ? this.#enroll(command) : this.#withdraw(command);
  }

  #enroll({ enrollmentId, nikHash, neighborhoodId, isVerified }: EnrollCommand): NaiveAnswer {
    const hash = nikHash.toString('hex');
    if (this.people.some((one) => one.nikHash === hash && one.withdrawn === null))
      return { outcome: 'DUPLICATE' };
    this.people.push({ enrollmentId, nikHash: hash, neighborhoodId, isVerified, withdrawn: null });
    return { outcome: 'ACCEPTED', enrollmentId };
  }

  #withdraw({ enrollmentId, reason }: WithdrawCommand): NaiveAnswer {
    const found = this.people.find((one) => one.enrollmentId === enrollmentId);
    if (!found) return { outcome: 'NOT_FOUND' };
    if (found.withdrawn) return { outcome: 'ALREADY_WITHDRAWN' };
    found.withdrawn = reason;
    return { outcome: 'ACCEPTED', enrollmentId };
  }
}
