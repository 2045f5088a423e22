import type pg from 'pg';
import type { Area, AreaIndex } from '#server/domain/areas/area-index.ts';
import { totalsAt } from '#server/domain/metrics/totals-at.ts';
import { COLUMN, FIGURES, type Figure, zeroFigures } from '#server/ledger/figures.ts';
import { readEntries, readOpening } from '#server/live/books.ts';
import { Standing } from '#server/live/standing.ts';
import { snapshot } from '#server/store/transact.ts';
import { BPJS, type SmallProgram } from './small-program.ts';

const PROGRAM = 1;
type Row = Record<Figure, number> & { revision: number; neighborhood: number };

/**
 * Counts every area's figures at every revision in four ways and gives what disagrees: the entries added up by
 * itself; the program's memory, fed revision by revision; `totalsAt` on the books; and the people, one by one. Who
 * was enrolled by another than `BPJS` counts as pending.
 */
export async function recountEveryRevision(program: SmallProgram): Promise<readonly string[]> {
  const { admin, store, intake } = program;
  const pool = store.pool('reader');
  const opening = await snapshot(pool, (tx) => readOpening(tx, 'medan'));
  const newest = opening.look.ledger;
  const posted = await readEntries(pool, PROGRAM, 0, newest);
  const rows = await entryRows(admin);
  const people = await peopleByRevision(admin, newest);
  const memory = new Standing({
    ...opening,
    look: { ...opening.look, ledger: 0 },
    sums: [],
    newest: [],
  });
  const sums = new Map<number, Record<Figure, number>>(
    neighborhoodsOf(intake.areas).map(({ id }) => [id, zeroFigures()]),
  );
  const differences: string[] = [];
  const compare = (what: string, found: unknown, expected: unknown) => {
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      differences.push(`${what}: ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
    }
  };
  for (let revision = 1; revision <= newest; revision++) {
    const entries = posted.filter((entry) => entry.revision === revision);
    if (entries.length === 0) differences.push(`revision ${revision} has no entries`);
    memory.take(entries, revision);
    for (const row of rows.get(revision) ?? []) add(sums.get(row.neighborhood), row);
    const past = await Promise.all(
      areasToAsk(intake.areas, revision).map(async (area) => ({
        area,
        totals: await totalsAt(pool, PROGRAM, intake.areas.neighborhoodIds(area), revision),
      })),
    );
    for (const area of intake.areas.all) {
      const expected = standingOf(intake.areas, area, sums);
      const index = memory.tree.indexOf.get(area.id) ?? -1;
      const { areaId: _, ...inMemory } = memory.projection.read(index);
      compare(`memory of ${area.code} at ${revision}`, ordered(inMemory), ordered(expected));
      if (area.level === 'NEIGHBORHOOD') {
        const there = people.get(`${revision} ${area.id}`) ?? { enrolled: 0, pending: 0 };
        const { enrolled, pending } = expected.figures;
        compare(`people of ${area.code} at ${revision}`, there, { enrolled, pending });
      }
      const asked = past.find((one) => one.area === area);
      if (asked) {
        const totals = asked.totals && {
          figures: asked.totals.figures,
          even: asked.totals.even,
          neighborhoods: asked.totals.neighborhoods,
          complete: asked.totals.complete,
        };
        compare(`totalsAt of ${area.code} at ${revision}`, totals && ordered(totals), ordered(expected));
      }
    }
  }
  for (const { neighborhoodId, figures } of opening.sums) {
    compare(`sums of ${neighborhoodId}`, picked(figures), picked(sums.get(neighborhoodId) ?? zeroFigures()));
  }
  return differences;
}

interface Counted {
  readonly figures: Readonly<Record<Figure, number>>;
  readonly even: number;
  readonly neighborhoods: number;
  readonly complete: number;
}

/** An area's standing, from its neighborhoods' figures alone. */
function standingOf(
  areas: AreaIndex,
  area: Area,
  sums: ReadonlyMap<number, Record<Figure, number>>,
): Counted {
  const inside = neighborhoodsOf(areas)
    .filter(
      ({ code }) =>
        code === area.code || code.startsWith(`${area.code}.`) || code.startsWith(`${area.code}-`),
    )
    .map(({ id }) => sums.get(id) ?? zeroFigures());
  const figures = zeroFigures();
  for (const sum of inside) add(figures, sum);
  return {
    figures,
    even: inside.reduce((even, { enrolled, target }) => even + Math.min(enrolled, target), 0),
    neighborhoods: inside.length,
    complete: inside.filter(({ enrolled, target }) => target > 0 && enrolled >= target).length,
  };
}

/** The city and a district at every revision; every other area at some of them. */
function areasToAsk(areas: AreaIndex, revision: number): readonly Area[] {
  const asked = areas.all.filter((area, index) => area.level === 'CITY' || (index + revision) % 7 === 0);
  return asked;
}

const neighborhoodsOf = (areas: AreaIndex) => areas.all.filter(({ level }) => level === 'NEIGHBORHOOD');

function add(into: Record<Figure, number> | undefined, change: Readonly<Record<Figure, number>>): void {
  if (!into) throw new Error('an entry of no neighborhood');
  for (const figure of FIGURES) into[figure] += change[figure];
}

const picked = (figures: Readonly<Record<Figure, number>>) => FIGURES.map((figure) => figures[figure]);
const ordered = ({ figures, even, neighborhoods, complete }: Counted) => [
  ...picked(figures),
  even,
  neighborhoods,
  complete,
];

async function entryRows(admin: pg.Client): Promise<ReadonlyMap<number, readonly Row[]>> {
  const { rows } = await admin.query<Row>(
    `SELECT revision, neighborhood_id AS neighborhood,
            ${FIGURES.map((figure) => `sum(${COLUMN[figure]})::int AS "${figure}"`).join(', ')}
       FROM entries GROUP BY revision, neighborhood_id`,
  );
  const byRevision = new Map<number, Row[]>();
  for (const row of rows) byRevision.set(row.revision, [...(byRevision.get(row.revision) ?? []), row]);
  return byRevision;
}

/** By `revision neighborhood`: who counted there then. */
async function peopleByRevision(
  admin: pg.Client,
  newest: number,
): Promise<ReadonlyMap<string, { enrolled: number; pending: number }>> {
  const { rows } = await admin.query<{ name: string; enrolled: number; pending: number }>(
    `SELECT r || ' ' || neighborhood_id AS name,
            (count(*) FILTER (WHERE principal_id = $2))::int AS enrolled,
            (count(*) FILTER (WHERE principal_id <> $2))::int AS pending
       FROM generate_series(1, $1::int) AS r
       JOIN enrollments e ON e.enrolled_revision <= r AND coalesce(e.withdrawn_revision > r, true)
      GROUP BY r, neighborhood_id`,
    [newest, BPJS.principalId],
  );
  return new Map(rows.map(({ name, enrolled, pending }) => [name, { enrolled, pending }]));
}
