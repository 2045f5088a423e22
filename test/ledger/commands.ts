import { createHash } from 'node:crypto';
import { uuidV7 } from '#server/base/uuid.ts';
import type { CommandKey, EnrollCommand, WithdrawCommand } from '#server/ledger/command.ts';

/** Commands as the domain makes them, for tests that speak to the ledger itself. Every one has ids of its own. */
export function enrollCommand(
  nik: string,
  neighborhoodId: number,
  changes: Partial<EnrollCommand> = {},
): EnrollCommand {
  return {
    kind: 'enroll',
    principalId: 7,
    key: null,
    enrollmentId: uuidV7(),
    participantId: uuidV7(),
    nikHash: sha256(nik),
    keyId: 1,
    sealed: Buffer.from('sealed'),
    isSimulated: true,
    neighborhoodId,
    isVerified: true,
    enrolledOn: '2025-10-29',
    ...changes,
  };
}

export function withdrawCommand(
  enrollmentId: string,
  changes: Partial<WithdrawCommand> = {},
): WithdrawCommand {
  return {
    kind: 'withdraw',
    principalId: 7,
    key: null,
    enrollmentId,
    reason: 'MOVED_AWAY',
    note: null,
    ...changes,
  };
}

/** `input` is what the caller meant: two commands of one input are the same command said twice. */
export function keyed(text: string, input: string): CommandKey {
  return { text, inputHash: sha256(input) };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
