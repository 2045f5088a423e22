import type { Ledger } from '#server/ledger/ledger.ts';
import type { Program } from '#server/ledger/program.ts';
import type { AreaIndex } from '../areas/area-index.ts';
import type { Vault } from './vault.ts';

/** What the commands of intake work with. */
export interface Intake {
  readonly program: () => Program;
  /** Program time in milliseconds. */
  readonly now: () => number;
  readonly areas: AreaIndex;
  readonly ledger: Ledger;
  readonly vault: Vault;
  /** True for the loader of opening figures alone: only it may enroll while the program is not open. */
  readonly isLoader?: boolean;
}
