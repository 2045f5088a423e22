import type { Difference } from './check-sums.ts';

/** What an operator is told of an area. */
export interface NamedArea {
  readonly code: string;
  readonly name: string;
  readonly level: string;
}

const CHANGED =
  'Jangan diperbaiki dengan tangan: simpan cadangan, lihat siapa memakai basis data, pulihkan cadangan terakhir yang cocok. · Mend nothing by hand: take a backup, see who used the database, restore the newest backup that agrees.';

/** A figure is kept as a sum, booked as entries and counted as people: who stands against the others is what was changed. */
const WHAT = {
  kept: {
    found: 'tersimpan · kept sum',
    expected: 'buku besar dan orang · entries and people',
    todo: 'Jumlah tersimpan diubah dari luar program; buku besar dan orang sama, tidak ada yang hilang. Lihat siapa memakai basis data, lalu susun ulang: npm run check-sums -- --rebuild. · The kept sum was changed from outside the program; entries and people agree, nothing is lost. See who used the database, then set the sums from the entries: npm run check-sums -- --rebuild.',
  },
  entries: {
    found: 'tersimpan dan orang · kept sum and people',
    expected: 'buku besar · entries added up',
    todo: `Buku besar atau penutupan hari diubah dari luar program; jumlah dan orang sama. · Entries or a closed day were changed from outside the program; sum and people agree. ${CHANGED}`,
  },
  people: {
    found: 'tersimpan dan buku besar · kept sum and entries',
    expected: 'orang dihitung · people counted',
    todo: `Baris pendaftaran diubah dari luar program; jumlah dan buku besar sama. · A row of an enrollment was changed from outside the program; sum and entries agree. ${CHANGED}`,
  },
  several: {
    found: 'tersimpan · kept sum',
    expected: 'buku besar, orang · entries, people',
    todo: `Ketiganya berbeda: lebih dari satu diubah dari luar program. · All three differ: more than one was changed from outside the program. ${CHANGED}`,
  },
  memory: {
    found: 'memori · memory',
    expected: 'tersimpan · kept sum',
    todo: 'Buku sendiri cocok; server membacanya ulang pada pemeriksaan berikutnya (10 detik). Bila berulang: simpan log, mulai ulang server. · The books agree with themselves; the server reads them anew at the next check (10 s). If it comes back: keep the log, restart the server.',
  },
} as const;

interface Finding {
  readonly areaId: number;
  readonly figure: string;
  readonly what: keyof typeof WHAT;
  readonly found: number;
  /** One, or two that differ. */
  readonly expected: readonly number[];
}

/** What was compared two ways is told once. In the order in which it was found. */
function findingsOf(differences: readonly Difference[]): readonly Finding[] {
  const byFigure = new Map<string, Difference[]>();
  for (const each of differences) {
    const name = `${each.areaId} ${each.figure} ${each.between === 'memory and sums'}`;
    byFigure.set(name, [...(byFigure.get(name) ?? []), each]);
  }
  return [...byFigure.values()].map((both) => {
    const { areaId, figure, between, found } = both[0] as Difference;
    const expected = [...new Set(both.map((each) => each.expected))];
    const alone = {
      'sums and entries': 'entries',
      'sums and people': 'people',
      'memory and sums': 'memory',
    } as const;
    const what = both.length === 1 ? alone[between] : expected.length === 1 ? 'kept' : 'several';
    return { areaId, figure, what, found, expected };
  });
}

/**
 * Which area differs by what, in words and in lines for a person at a terminal. `since`: milliseconds since the epoch
 * at which it was first found; null where it is found just now.
 */
export function tellDifferences(
  differences: readonly Difference[],
  areaOf: (id: number) => NamedArea | undefined,
  since: number | null,
): string {
  if (differences.length === 0) return 'Jumlah cocok · the sums agree\n';
  const findings = findingsOf(differences);
  const lines = [
    `JUMLAH TIDAK COCOK · SUMS DISAGREE: ${findings.length} angka · figures${since === null ? '' : `, sejak · since ${new Date(since).toISOString()}`}`,
    'Server yang berjalan menahan layar pada angka terakhir yang benar. · A running server holds its screens at the last true figures.',
    '',
  ];
  for (const { areaId, figure, what, found, expected } of findings) {
    const area = areaOf(areaId);
    const where = area ? `${area.code} ${area.name} (${area.level})` : `area ${areaId}`;
    const difference = expected.map((each) => `${found > each ? '+' : ''}${found - each}`);
    lines.push(
      `${where}: ${figure}: ${WHAT[what].found} ${found}, ${WHAT[what].expected} ${expected.join(', ')}, selisih · difference ${difference.join(', ')}`,
    );
  }
  lines.push('', 'Yang dilakukan · what to do:');
  for (const what of new Set(findings.map((each) => each.what))) lines.push(`- ${WHAT[what].todo}`);
  return `${lines.join('\n')}\n`;
}
