import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '#server/base/clock.ts';
import { jakartaTime } from '#server/base/day.ts';
import type { Actor } from '#server/domain/access/policy.ts';
import { levelOfCode, parentCodeOf } from '#server/domain/areas/area-code.ts';
import { type Area, type AreaIndex, readAreaIndex } from '#server/domain/areas/area-index.ts';
import type { AreaSeed } from '#server/domain/areas/read-area-tree.ts';
import { classify } from '#server/domain/contributions/persistency.ts';
import type { Intake } from '#server/domain/enrollments/intake.ts';
import type { EnrollInput } from '#server/domain/enrollments/rules.ts';
import { createVault, type Vault } from '#server/domain/enrollments/vault.ts';
import { MEDAN_CHARTER } from '#server/domain/program/charter.ts';
import { foundProgram, PROGRAM_ID } from '#server/domain/program/found-program.ts';
import { openProgram } from '#server/domain/program/open-program.ts';
import { postTargets } from '#server/domain/program/post-targets.ts';
import { createLedger, type Ledger, type LedgerOptions } from '#server/ledger/ledger.ts';
import { type Program, readProgram } from '#server/ledger/program.ts';
import type { Store } from '#server/store/store.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { type HeldClock, heldClock } from './held-clock.ts';

export const CITY = '12.71';
export const DISTRICTS = ['12.71.01', '12.71.02', '12.71.14'] as const;
const VILLAGES = DISTRICTS.flatMap((district) => [`${district}.1001`, `${district}.1002`]);
/** Twelve: two in each of the six villages. */
export const NEIGHBORHOODS = VILLAGES.flatMap((village) => [`${village}-001`, `${village}-002`]);

/** Whoever enrolls as verified, and whoever may not verify: not rows of the database, which asks no more of them. */
export const BPJS: Actor = { principalId: 101, role: 'BPJS', areaCode: CITY };
export const KEPLING: Actor = {
  principalId: 102,
  role: 'NEIGHBORHOOD',
  areaCode: NEIGHBORHOODS[0] as string,
};
export const SYSTEM: Actor = { principalId: 1, role: 'SYSTEM', areaCode: CITY };

/** Program time and the wall's are one here: the morning of 29 October 2025 in Medan. */
export const MORNING = jakartaTime('2025-10-29', 8, 30);

/** A program of twelve neighborhoods on a real database, open, with a held clock and one ledger. */
export interface SmallProgram {
  readonly database: TestDatabase;
  readonly store: Store;
  readonly clock: HeldClock;
  readonly ledger: Ledger;
  readonly intake: Intake;
  /** A superuser's connection. */
  readonly admin: pg.Client;
  area(code: string): Area;
  close(): Promise<void>;
}

export interface SmallProgramOptions {
  /** Whether every neighborhood's target is posted, as revision 1. True where it is not said. */
  readonly hasTargets?: boolean;
  readonly clock?: HeldClock;
  readonly ledger?: Partial<LedgerOptions>;
  /** True: what the test provokes is not logged. */
  readonly isQuiet?: boolean;
}

export async function openSmallProgram(options: SmallProgramOptions = {}): Promise<SmallProgram> {
  const clock = options.clock ?? heldClock(MORNING);
  const database = await createTestDatabase({ isQuiet: options.isQuiet ?? false });
  const { store } = database;
  await foundProgram(store.prisma, { ...MEDAN_CHARTER, startsOn: '2025-05-14' }, 'DEMO', tree(), clock.now());
  await openProgram(store.prisma, PROGRAM_ID, clock.now(), 0, '2025-10-28');
  const ledger = ledgerOn(store, clock, options.ledger);
  const intake = await intakeOn(store, clock, ledger);
  if (options.hasTargets ?? true) {
    await postTargets(
      ledger,
      SYSTEM.principalId,
      PROGRAM_ID,
      intake.areas,
      MEDAN_CHARTER.targetPerNeighborhood,
    );
  }
  return {
    database,
    store,
    clock,
    ledger,
    intake,
    admin: await database.admin(),
    area: (code) => areaOf(intake.areas, code),
    async close() {
      await ledger.close();
      await database.drop();
    },
  };
}

export function ledgerOn(store: Store, clock: Clock, changes: Partial<LedgerOptions> = {}): Ledger {
  return createLedger({
    programId: PROGRAM_ID,
    connect: store.ledgerClient,
    now: clock.now,
    classify,
    ring: () => store.doorbell.ring(),
    ...changes,
  });
}

export async function intakeOn(store: Store, clock: Clock, ledger: Ledger): Promise<Intake> {
  const pool = store.pool('app');
  const program = (await readProgram(pool, MEDAN_CHARTER.code)) as Program;
  const areas = await readAreaIndex(pool, PROGRAM_ID);
  return { program: () => program, now: clock.now, areas, ledger, vault: testVault() };
}

/** With the same keys in every process that asks. */
export function testVault(): Vault {
  const key = (name: string) => createHash('sha256').update(name).digest();
  return createVault({
    nikHashKey: key('hash'),
    encryptionKeys: new Map([[1, key('seal')]]),
    currentKeyId: 1,
  });
}

export function areaOf(areas: AreaIndex, code: string): Area {
  const area = areas.byCode(code);
  if (!area) throw new Error(`no area ${code}`);
  return area;
}

/** A person who cannot exist: `number` tells people apart, the neighborhood is one of the twelve, counted round. */
export function person(number: number, changes: Partial<EnrollInput> = {}): EnrollInput {
  return {
    nik: nik(number),
    name: `Orang ${number}`,
    neighborhood: NEIGHBORHOODS[number % NEIGHBORHOODS.length] as string,
    ...changes,
  };
}

/** Of nobody: province 99. */
export function nik(number: number): string {
  return `99${String(1 + Math.floor(number / 9_999)).padStart(4, '0')}010190${String(1 + (number % 9_999)).padStart(4, '0')}`;
}

function tree(): readonly AreaSeed[] {
  return [CITY, ...DISTRICTS, ...VILLAGES, ...NEIGHBORHOODS].map((code) => {
    const level = levelOfCode(code);
    if (!level) throw new Error(`${code} is no code`);
    return {
      code,
      bpsCode: null,
      level,
      name: code,
      shortName: code,
      abbreviation: null,
      number: level === 'NEIGHBORHOOD' ? Number(code.slice(-3)) : null,
      parentCode: parentCodeOf(code),
      isSimulated: level === 'NEIGHBORHOOD',
    };
  });
}
