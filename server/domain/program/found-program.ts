import { randomUUID } from 'node:crypto';
import type { Prisma, PrismaClient } from '#prisma/generated/client/client.ts';
import { jakartaTime } from '#server/base/day.ts';
import { lockStatement } from '#server/ledger/lock.ts';
import type { AreaSeed } from '../areas/read-area-tree.ts';
import type { Charter, FoundingMode } from './charter.ts';

const LEVELS = ['CITY', 'DISTRICT', 'VILLAGE', 'NEIGHBORHOOD'] as const;
const FOUNDING_TIMEOUT_MS = 60_000;
export const PROGRAM_ID = 1;

/** The principal behind what no person does. */
export const SYSTEM_USERNAME = 'system';

/**
 * Founds a program: its cover, its areas, a ledger head at revision 0, sums at zero, and the system's principal.
 * All or nothing. Of several servers that begin at once on an empty database one founds it, and the others find it.
 * A live program is open at once, on the wall's clock; a demonstration opens when it is loaded.
 */
export async function foundProgram(
  prisma: PrismaClient,
  charter: Charter,
  mode: FoundingMode,
  tree: readonly AreaSeed[],
  wallMs: number,
): Promise<void> {
  const opening = new Date(jakartaTime(charter.startsOn));
  await prisma.$transaction(
    async (tx) => {
      await tx.$executeRawUnsafe(lockStatement(PROGRAM_ID));
      if (await tx.program.findUnique({ where: { id: PROGRAM_ID } })) return;
      await tx.program.create({ data: coverOf(charter, mode, wallMs) });
      await tx.version.createMany({
        data: ['ledger', 'program', 'grants'].map((topic) => ({ programId: PROGRAM_ID, topic, version: 0n })),
      });
      await tx.ledgerHead.create({
        data: {
          programId: PROGRAM_ID,
          revision: 0,
          postedAt: mode === 'LIVE' ? new Date(wallMs) : opening,
          auditSequence: 0n,
          auditHash: new Uint8Array(32),
        },
      });
      await createAreas(tx, tree);
      await tx.principal.create({
        data: {
          programId: PROGRAM_ID,
          username: SYSTEM_USERNAME,
          role: 'SYSTEM',
          areaCode: charter.cityCode,
          createdAt: new Date(wallMs),
        },
      });
    },
    { timeout: FOUNDING_TIMEOUT_MS },
  );
}

function coverOf(charter: Charter, mode: FoundingMode, wallMs: number): Prisma.ProgramCreateInput {
  return {
    id: PROGRAM_ID,
    code: charter.code,
    name: charter.name,
    mode,
    epoch: randomUUID(),
    cityCode: charter.cityCode,
    targetPerNeighborhood: charter.targetPerNeighborhood,
    startsOn: new Date(charter.startsOn),
    targetOn: charter.targetOn === null ? null : new Date(charter.targetOn),
    openedAt: mode === 'LIVE' ? new Date(wallMs) : null,
    coverageProtected: charter.coverage.protected,
    coverageLaborForce: charter.coverage.laborForce,
    coverageQuotedRate: charter.coverage.quotedRate,
    coverageSource: charter.coverage.source,
    coverageAsOf: new Date(charter.coverage.asOf),
  };
}

async function createAreas(tx: Prisma.TransactionClient, tree: readonly AreaSeed[]): Promise<void> {
  const ids = new Map<string, number>();
  for (const level of LEVELS) {
    const made = await tx.area.createManyAndReturn({
      data: tree
        .filter((area) => area.level === level)
        .map(({ parentCode, ...area }) => ({
          ...area,
          programId: PROGRAM_ID,
          parentId: parentCode === null ? null : (ids.get(parentCode) ?? null),
        })),
      select: { id: true, code: true },
    });
    for (const { id, code } of made) ids.set(code, id);
    if (level === 'NEIGHBORHOOD') {
      await tx.neighborhoodSum.createMany({
        data: made.map(({ id }) => ({ programId: PROGRAM_ID, neighborhoodId: id })),
      });
    }
  }
}
