import type { ChainEnd } from './audit.ts';

/** Where the ledger stands, read under the lock. */
export interface LedgerHead {
  readonly revision: number;
  /** Program time of the newest posting, in milliseconds. */
  readonly postedAt: number;
  readonly audit: ChainEnd;
  /** Last program day whose calendar effects are posted, `yyyy-mm-dd`; null before the first. */
  readonly closedDay: string | null;
}

export interface HeadRow {
  revision: number;
  posted_at: Date;
  audit_sequence: bigint;
  audit_hash: Buffer;
  closed_day: string | null;
}

export const HEAD_COLUMNS =
  'h.revision, h.posted_at, h.audit_sequence, h.audit_hash, h.closed_day::text AS closed_day';

export function toHead(row: HeadRow): LedgerHead {
  return {
    revision: row.revision,
    postedAt: row.posted_at.getTime(),
    audit: { sequence: row.audit_sequence, hash: row.audit_hash },
    closedDay: row.closed_day,
  };
}
