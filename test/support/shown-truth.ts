import type { Drawn } from './drawn.ts';
import { follow, type Product } from './product.ts';

/** A frame of `totalsChanged` as a plain graphql-ws client gets it. */
export interface Received {
  readonly epoch: string;
  readonly revision: number;
  readonly kind: string;
  readonly whole: { readonly totals: { readonly enrolled: number } };
  readonly parts: readonly {
    readonly area: { readonly code: string };
    readonly totals: { readonly enrolled: number };
  }[];
}

const FOLLOW = `subscription {
  totalsChanged(parts: DISTRICT) {
    epoch revision kind whole { totals { enrolled } } parts { area { code } totals { enrolled } }
  }
}`;

/** Follows the city and its districts by a plain graphql-ws client; `frames` grows until `dispose`. */
export function followCity(url: string): { readonly frames: readonly Received[]; dispose(): Promise<void> } {
  const frames: Received[] = [];
  const { dispose } = follow<{ totalsChanged: Received }>(url, FOLLOW, ({ totalsChanged }) =>
    frames.push(totalsChanged),
  );
  return { frames, dispose };
}

interface Shown {
  readonly epoch: string;
  readonly revision: number;
  readonly total: number;
  readonly areas: Readonly<Record<string, number>>;
}

/**
 * What of all that was drawn or received differs from the ledger at its revision, or goes back, in words; empty when
 * all of it is true. `revisions` says how many different ones were compared.
 */
export async function compareShown(
  product: Product,
  drawn: readonly Drawn[],
  received: readonly (readonly Received[])[],
): Promise<{ readonly untrue: readonly string[]; readonly revisions: number }> {
  const rows: readonly (readonly Shown[])[] = [drawn, ...received.map((frames) => frames.map(shownBy))];
  const ledger = new Map<number, Awaited<ReturnType<typeof ledgerAt>>>();
  for (const { revision } of rows.flat())
    if (!ledger.has(revision)) ledger.set(revision, await ledgerAt(product, revision));

  const untrue: string[] = [];
  for (const [index, row] of rows.entries()) {
    const who = index === 0 ? 'the board' : `client ${index}`;
    for (const [at, shown] of row.entries()) {
      const books = ledger.get(shown.revision);
      if (shown.total !== books?.total)
        untrue.push(`${who} at ${shown.revision}: ${shown.total}, ledger ${books?.total}`);
      for (const [code, enrolled] of Object.entries(shown.areas))
        if (enrolled !== books?.areas[code])
          untrue.push(`${who} at ${shown.revision}: ${code} ${enrolled}, ledger ${books?.areas[code]}`);
      const before = row[at - 1];
      if (before?.epoch === shown.epoch && before.revision > shown.revision)
        untrue.push(`${who} goes back from ${before.revision} to ${shown.revision}`);
    }
  }
  for (const { revision, total, spoken } of drawn)
    if (!spoken.replaceAll('.', '').includes(String(total)))
      untrue.push(`the board at ${revision} says "${spoken}" for ${total}`);
  return { untrue, revisions: ledger.size };
}

function shownBy({ epoch, revision, whole, parts }: Received): Shown {
  const areas = Object.fromEntries(parts.map(({ area, totals }) => [area.code, totals.enrolled]));
  return { epoch, revision, total: whole.totals.enrolled, areas };
}

/** The ledger's own figures at a revision: the city's, and the districts' by code. */
async function ledgerAt(product: Product, revision: number) {
  const { data, errors } = await product.ask<{
    program: {
      city: { totals: { enrolled: number }; children: { code: string; totals: { enrolled: number } }[] };
    };
  }>(
    'query At($r: Int!) { program { city { totals(atRevision: $r) { enrolled } children { code totals(atRevision: $r) { enrolled } } } } }',
    { r: revision },
  );
  if (errors) throw new Error(errors[0]?.message);
  const { totals, children } = data.program.city;
  const areas = Object.fromEntries(children.map((area) => [area.code, area.totals.enrolled]));
  return { total: totals.enrolled, areas };
}
