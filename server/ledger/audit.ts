import { createHash } from 'node:crypto';

/** Who did what to which object. `subject` names ids only. */
export interface AuditNote {
  readonly principalId: number;
  readonly action: string;
  readonly subject: string;
}

export interface AuditRow extends AuditNote {
  readonly sequence: bigint;
  readonly previousHash: Buffer;
  readonly hash: Buffer;
}

export interface ChainEnd {
  readonly sequence: bigint;
  readonly hash: Buffer;
}

/**
 * Chains notes behind `end`: each row's hash covers its own words, its time and revision, and the hash before it,
 * so that a row changed, removed or slipped in later breaks every hash after it.
 */
export function chainAudit(
  end: ChainEnd,
  notes: readonly AuditNote[],
  at: Date,
  revision: number,
): { rows: AuditRow[]; end: ChainEnd } {
  const rows: AuditRow[] = [];
  let last = end;
  for (const note of notes) {
    const sequence = last.sequence + 1n;
    const hash = auditHash(last.hash, { ...note, sequence, at, revision });
    rows.push({ ...note, sequence, previousHash: last.hash, hash });
    last = { sequence, hash };
  }
  return { rows, end: last };
}

/** SHA-256 over the previous hash and the row's words in a fixed order. */
function auditHash(
  previous: Buffer,
  row: AuditNote & { sequence: bigint; at: Date; revision: number },
): Buffer {
  const words = [
    row.sequence.toString(),
    row.at.toISOString(),
    row.principalId,
    row.action,
    row.subject,
    row.revision,
  ];
  return createHash('sha256').update(previous).update(JSON.stringify(words)).digest();
}
