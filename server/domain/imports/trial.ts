import type { ClientBase } from 'pg';

/** What is known of a person by NIK hash, for telling what would become of a row without doing it. */
export interface Trial {
  /** Which of these people (hex) count or wait already, or were asked for before: each is answered no only once. */
  enrolled(nikHashes: readonly string[]): Promise<readonly boolean[]>;
  /** Of each month: whether it is covered, or was asked for before; null where nobody of that NIK is known. */
  covered(months: readonly { nikHash: string; period: string }[]): Promise<readonly (boolean | null)[]>;
}

/**
 * Looks and never writes. `client` must see everyone, as the ledger's own connection does. Remembers whom it was
 * asked for: some hundred bytes a row.
 */
export function createTrial(client: ClientBase, programId: number): Trial {
  const asked = new Set<string>();
  const wasAsked = (name: string) => {
    const was = asked.has(name);
    asked.add(name);
    return was;
  };
  return {
    async enrolled(nikHashes) {
      const { rows } = await client.query<{ nikHash: string }>(
        `SELECT encode(p.nik_hash, 'hex') AS "nikHash" FROM participants p
          WHERE p.program_id = $1 AND p.nik_hash = ANY ($2::bytea[])
            AND EXISTS (SELECT FROM enrollments e WHERE e.participant_id = p.id AND e.status <> 'WITHDRAWN')`,
        [programId, nikHashes.map((hash) => Buffer.from(hash, 'hex'))],
      );
      const known = new Set(rows.map((row) => row.nikHash));
      return nikHashes.map((hash) => wasAsked(hash) || known.has(hash));
    },
    async covered(months) {
      const { rows } = await client.query<{ isKnown: boolean; isCovered: boolean }>(
        `SELECT p.id IS NOT NULL AS "isKnown", c.period IS NOT NULL AS "isCovered"
           FROM json_to_recordset($2::json) AS r(position int, "nikHash" text, period date)
           LEFT JOIN participants p ON p.program_id = $1 AND p.nik_hash = decode(r."nikHash", 'hex')
           LEFT JOIN contributions c ON c.program_id = $1 AND c.participant_id = p.id AND c.period = r.period
          ORDER BY r.position`,
        [
          programId,
          JSON.stringify(
            months.map((month, position) => ({ ...month, period: `${month.period}-01`, position })),
          ),
        ],
      );
      return months.map(({ nikHash, period }, index) => {
        const row = rows[index];
        if (!row?.isKnown) return null;
        return wasAsked(`${nikHash} ${period}`) || row.isCovered;
      });
    },
  };
}
