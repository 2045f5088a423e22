import type pg from 'pg';
import type { FaultFrame } from './followers.ts';

/** What the ledger says, added up from its entries alone: by revision, then by code of city and districts. */
export type Books = ReadonlyMap<number, ReadonlyMap<string, number>>;

export async function readBooks(admin: pg.Client): Promise<Books> {
  const { rows } = await admin.query<{ revision: number; district: string; enrolled: number }>(
    `SELECT p.revision, left(a.code, 8) AS district, coalesce(sum(e.enrolled), 0)::int AS enrolled
       FROM postings p LEFT JOIN entries e ON e.revision = p.revision LEFT JOIN areas a ON a.id = e.neighborhood_id
      GROUP BY 1, 2 ORDER BY 1`,
  );
  const books = new Map<number, ReadonlyMap<string, number>>([[0, new Map()]]);
  let standing = new Map<string, number>();
  for (const { revision, district, enrolled } of rows) {
    standing = books.has(revision) ? standing : new Map(standing);
    standing.set(district, (standing.get(district) ?? 0) + enrolled);
    standing.set('12.71', (standing.get('12.71') ?? 0) + enrolled);
    books.set(revision, standing);
  }
  return books;
}

export const newestOf = (books: Books): number => Math.max(...books.keys());

/**
 * What one screen was shown that is not so, in words: a figure that is not the books' at its revision, a revision
 * that goes back within its epoch, or another epoch that begins with anything but a snapshot.
 */
export function untrueOf(books: Books, frames: readonly FaultFrame[]): readonly string[] {
  const untrue: string[] = [];
  for (const [index, frame] of frames.entries()) {
    const { epoch, revision, kind } = frame;
    const standing = books.get(revision);
    const shown = [
      ['12.71', frame.whole.totals.enrolled] as const,
      ...frame.parts.map(({ area, totals }) => [area.code, totals.enrolled] as const),
    ];
    for (const [code, enrolled] of shown) {
      const booked = standing && (standing.get(code) ?? 0);
      if (enrolled !== booked) untrue.push(`${code} at ${revision}: ${enrolled}, books ${booked}`);
    }
    const before = frames[index - 1];
    if (before?.epoch === epoch && before.revision > revision)
      untrue.push(`goes back from ${before.revision} to ${revision}`);
    if (before && before.epoch !== epoch && kind !== 'SNAPSHOT')
      untrue.push(`a new epoch begins with ${kind}`);
  }
  return untrue;
}
