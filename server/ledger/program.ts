import type { ClientBase, Pool, PoolClient } from 'pg';

export type ProgramMode = 'DEMO' | 'LIVE' | 'REHEARSAL';

/** The cover of the book: which program this ledger counts, under which epoch, on whose clock. */
export interface Program {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly mode: ProgramMode;
  readonly epoch: string;
  readonly cityCode: string;
  readonly targetPerNeighborhood: number;
  /** Dates are `yyyy-mm-dd`. */
  readonly startsOn: string;
  readonly targetOn: string | null;
  readonly sourceCutOff: string | null;
  /** Program time = wall clock minus this, in milliseconds. */
  readonly clockOffsetMs: number;
  /** False while the opening figures are being loaded: nothing is taken in then but by the loader. */
  readonly isOpen: boolean;
  /** Program time of the newest posting, in milliseconds. */
  readonly postedAt: number;
  readonly coverage: Coverage;
}

export interface Coverage {
  readonly protected: number;
  readonly laborForce: number;
  /** What was printed; a quote, never an input. */
  readonly quotedRate: number | null;
  readonly source: string;
  readonly asOf: string;
}

interface ProgramRow extends Omit<Program, 'coverage' | 'clockOffsetMs'> {
  clockOffsetMs: bigint;
  coverageProtected: number;
  coverageLaborForce: number;
  coverageQuotedRate: string | null;
  coverageSource: string;
  coverageAsOf: string;
}

/** Reads the program of this code; null where it was never founded. */
export async function readProgram(
  client: Pool | PoolClient | ClientBase,
  code: string,
): Promise<Program | null> {
  const { rows } = await (client as ClientBase).query<ProgramRow & { postedAtMs: bigint }>(
    `SELECT p.id, p.code, p.name, p.mode, p.epoch, p.city_code AS "cityCode",
            p.target_per_neighborhood AS "targetPerNeighborhood", p.starts_on::text AS "startsOn",
            p.target_on::text AS "targetOn", p.source_cut_off::text AS "sourceCutOff",
            p.clock_offset_ms AS "clockOffsetMs", p.opened_at IS NOT NULL AS "isOpen",
            round(extract(epoch FROM h.posted_at) * 1000)::bigint AS "postedAtMs",
            p.coverage_protected AS "coverageProtected", p.coverage_labor_force AS "coverageLaborForce",
            p.coverage_quoted_rate AS "coverageQuotedRate", p.coverage_source AS "coverageSource",
            p.coverage_as_of::text AS "coverageAsOf"
       FROM programs p JOIN ledger_heads h ON h.program_id = p.id WHERE p.code = $1`,
    [code],
  );
  const row = rows[0];
  if (!row) return null;
  const {
    coverageProtected,
    coverageLaborForce,
    coverageQuotedRate,
    coverageSource,
    coverageAsOf,
    postedAtMs,
    ...rest
  } = row;
  return {
    ...rest,
    clockOffsetMs: Number(row.clockOffsetMs),
    postedAt: Number(postedAtMs),
    coverage: {
      protected: coverageProtected,
      laborForce: coverageLaborForce,
      quotedRate: coverageQuotedRate === null ? null : Number(coverageQuotedRate),
      source: coverageSource,
      asOf: coverageAsOf,
    },
  };
}

/** Milliseconds of program time at a wall-clock moment. A program that is not open stands at its newest posting. */
export function programTime(program: Program, wallMs: number, newestPostingMs: number): number {
  return program.isOpen ? wallMs - program.clockOffsetMs : newestPostingMs;
}
