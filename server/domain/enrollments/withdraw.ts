import { invariant } from '#server/base/invariant.ts';
import { type Refusal, refuse } from '#server/base/refusal.ts';
import type { WithdrawReason } from '#server/ledger/entry.ts';
import { type Actor, may } from '../access/policy.ts';
import { type Counted, judgeKey } from './enroll.ts';
import type { Intake } from './intake.ts';

const NOTE_CHARACTERS_MAX = 500;

export interface WithdrawInput {
  readonly enrollmentId: string;
  readonly reason: WithdrawReason;
  readonly note?: string | null | undefined;
}

/** Takes one enrollment out of the count, with a reason. The enrollment stays in the books; its participant may enroll again. */
export async function withdraw(
  intake: Intake,
  actor: Actor,
  idempotencyKey: string,
  input: WithdrawInput,
): Promise<Counted | Refusal> {
  if (!intake.program().isOpen) return refuse('ProgramNotOpen');
  if (!may(actor, 'withdraw')) return refuse('NotPermitted');
  // Only city-wide roles withdraw; a role of an area would first have to be shown that the enrollment is its own.
  invariant(actor.areaCode === intake.areas.city.code, 'whoever withdraws answers for the whole city');
  const keyProblem = judgeKey(idempotencyKey);
  if (keyProblem) return keyProblem;
  const note = input.note?.trim() || null;
  if (note && note.length > NOTE_CHARACTERS_MAX) return refuse('InvalidInput', 'note', 'TOO_LONG');

  const canonical = JSON.stringify(['withdraw', input.enrollmentId, input.reason, note]);
  const answer = await intake.ledger.submit({
    kind: 'withdraw',
    principalId: actor.principalId,
    key: { text: idempotencyKey, inputHash: intake.vault.hashInput(canonical) },
    enrollmentId: input.enrollmentId,
    reason: input.reason,
    note: note === null ? null : intake.vault.seal(input.enrollmentId, note),
  });
  switch (answer.outcome) {
    case 'ACCEPTED':
      return { enrollmentId: answer.enrollmentId, revision: answer.revision, written: null };
    case 'NOT_FOUND':
      return refuse('UnknownEnrollment', 'enrollment');
    case 'ALREADY_WITHDRAWN':
      return refuse('AlreadyWithdrawn', 'enrollment');
    case 'KEY_CONFLICT':
      return refuse('IdempotencyConflict', 'idempotencyKey');
    case 'DUPLICATE':
      throw new Error('A withdrawal cannot be answered with DUPLICATE.');
  }
}
