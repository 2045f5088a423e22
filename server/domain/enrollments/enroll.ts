import { isRefusal, type Refusal, refuse } from '#server/base/refusal.ts';
import { uuidV7 } from '#server/base/uuid.ts';
import type { EnrollCommand, LedgerAnswer } from '#server/ledger/command.ts';
import { type Actor, may } from '../access/policy.ts';
import type { Intake } from './intake.ts';
import { type AcceptablePerson, type EnrollInput, judge } from './rules.ts';

const IDEMPOTENCY_KEY_CHARACTERS_MAX = 128;
/** Control characters and halves of a pair: the database refuses them, or keeps another text than was sent. */
const UNWRITABLE = /[\p{Cc}\p{Cs}]/u;

/** What was counted, and by which commit. */
export interface Counted {
  readonly enrollmentId: string;
  readonly revision: number;
  /** What this very command wrote; null where the answer is one that was given before, and for withdrawals. */
  readonly written: Written | null;
}

export interface Written {
  readonly neighborhoodId: number;
  readonly status: 'PENDING' | 'ENROLLED';
  /** `yyyy-mm-dd`. */
  readonly enrolledOn: string;
}

/**
 * Enrolls one person. Resolves after the commit, with its revision, or with a refusal, which changed nothing.
 * Rejects where it cannot be known whether the person was counted: the same key again tells.
 */
export async function enroll(
  intake: Intake,
  actor: Actor,
  idempotencyKey: string,
  input: EnrollInput,
): Promise<Counted | Refusal> {
  const keyProblem = judgeKey(idempotencyKey);
  if (keyProblem) return keyProblem;
  const person = judge(intake, actor, input);
  if (isRefusal(person)) return person;
  const canonical = JSON.stringify([
    'enroll',
    person.details,
    person.neighborhood.code,
    input.enrolledOn ?? null,
  ]);
  const command = toCommand(intake, actor, person);
  const answer = await intake.ledger.submit({
    ...command,
    key: { text: idempotencyKey, inputHash: intake.vault.hashInput(canonical) },
  });
  return toCounted(command, answer);
}

export interface BatchOutcome {
  readonly answer: Counted | Refusal;
  readonly input: EnrollInput;
}

/** Enrolls a batch in one commit, each row judged by itself: refused rows leave the others alone. No keys: a NIK counts once. */
export async function enrollBatch(
  intake: Intake,
  actor: Actor,
  subject: string,
  inputs: readonly EnrollInput[],
): Promise<readonly BatchOutcome[]> {
  const judged = inputs.map((input) => {
    const person = judge(intake, actor, input);
    return { input, verdict: isRefusal(person) ? person : toCommand(intake, actor, person) };
  });
  const commands = judged.flatMap(({ verdict }) => (isRefusal(verdict) ? [] : [verdict]));
  const note = { principalId: actor.principalId, action: 'enroll-batch', subject };
  const answers = commands.length > 0 ? await intake.ledger.submitBatch(commands, note) : [];
  let next = 0;
  return judged.map(({ input, verdict }) => {
    if (isRefusal(verdict)) return { input, answer: verdict };
    const answer = answers[next++];
    if (!answer) throw new Error('The ledger gave no answer to a row of its batch.');
    return { input, answer: toCounted(verdict, answer) };
  });
}

export function judgeKey(idempotencyKey: string): Refusal | null {
  if (idempotencyKey.trim() === '') return refuse('InvalidInput', 'idempotencyKey', 'EMPTY');
  if (idempotencyKey.length > IDEMPOTENCY_KEY_CHARACTERS_MAX) {
    return refuse('InvalidInput', 'idempotencyKey', 'TOO_LONG');
  }
  if (UNWRITABLE.test(idempotencyKey)) return refuse('InvalidInput', 'idempotencyKey');
  return null;
}

function toCommand(intake: Intake, actor: Actor, person: AcceptablePerson): EnrollCommand {
  const participantId = uuidV7();
  return {
    kind: 'enroll',
    principalId: actor.principalId,
    key: null,
    enrollmentId: uuidV7(),
    participantId,
    nikHash: intake.vault.hashNik(person.details.nik),
    ...intake.vault.seal(participantId, JSON.stringify(person.details)),
    isSimulated: intake.program().mode !== 'LIVE',
    neighborhoodId: person.neighborhood.id,
    isVerified: may(actor, 'verify'),
    enrolledOn: person.enrolledOn,
  };
}

function toCounted(command: EnrollCommand, answer: LedgerAnswer): Counted | Refusal {
  switch (answer.outcome) {
    case 'ACCEPTED': {
      const { neighborhoodId, isVerified, enrolledOn } = command;
      const isNew = answer.enrollmentId === command.enrollmentId;
      return {
        enrollmentId: answer.enrollmentId,
        revision: answer.revision,
        written: isNew ? { neighborhoodId, status: isVerified ? 'ENROLLED' : 'PENDING', enrolledOn } : null,
      };
    }
    case 'DUPLICATE':
      return refuse('DuplicateEnrollment', 'nik');
    case 'KEY_CONFLICT':
      return refuse('IdempotencyConflict', 'idempotencyKey');
    case 'NOT_FOUND':
    case 'ALREADY_WITHDRAWN':
      throw new Error(`An enrollment cannot be answered with ${answer.outcome}.`);
  }
}
