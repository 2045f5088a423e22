import type { ProgramMode } from '#server/ledger/program.ts';

/** What a program is founded with. Figures as published; sources beside them. */
export interface Charter {
  readonly code: string;
  readonly name: string;
  readonly cityCode: string;
  readonly targetPerNeighborhood: number;
  readonly startsOn: string;
  readonly targetOn: string | null;
  readonly coverage: {
    readonly protected: number;
    readonly laborForce: number;
    /** The press printed 55.55 %, which is not what its own two numbers give; kept as a quote. */
    readonly quotedRate: number;
    readonly source: string;
    readonly asOf: string;
  };
}

/** Launched on 14 May 2025; no deadline was ever published, so there is none here. */
export const MEDAN_CHARTER: Charter = {
  code: 'medan',
  name: 'Empowering Kepling',
  cityCode: '12.71',
  targetPerNeighborhood: 25,
  startsOn: '2025-05-14',
  targetOn: null,
  coverage: {
    protected: 472_068,
    laborForce: 875_743,
    quotedRate: 0.5555,
    source: 'Wali Kota Medan, apel Empowering Kepling, 29 Oktober 2025, menurut pers',
    asOf: '2025-10-29',
  },
};

/** The moment the demonstration opens: the morning of the ceremony, program time, Jakarta. */
export const DEMONSTRATION_OPENS = { day: '2025-10-29', hours: 8, minutes: 30 } as const;

/** Modes a program may be founded in; rehearsals are copied from another. */
export type FoundingMode = Exclude<ProgramMode, 'REHEARSAL'>;
