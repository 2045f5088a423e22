import type { Difference } from './check-sums.ts';

/** What an operator is told of an area. */
export interface NamedArea {
  readonly code: string;
  readonly name: string;
  readonly level: string;
}

const WHAT: Readonly<Record<Difference['between'], { found: string; expected: string; todo: string }>> = {
  'sums and entries': {
    found: 'tersimpan · kept sum',
    expected: 'buku besar · entries added up',
    todo: 'Jumlah tersimpan atau buku besar diubah dari luar program. Jangan diperbaiki dengan tangan: simpan cadangan, lihat siapa memakai basis data, pulihkan cadangan terakhir yang cocok. · The kept sum or the ledger was changed from outside the program. Mend nothing by hand: take a backup, see who used the database, restore the newest backup that agrees.',
  },
  'sums and people': {
    found: 'tersimpan · kept sum',
    expected: 'orang dihitung · people counted',
    todo: 'Baris pendaftaran diubah dari luar program. Jangan diperbaiki dengan tangan: simpan cadangan, lihat siapa memakai basis data, pulihkan cadangan terakhir yang cocok. · A row of an enrollment was changed from outside the program. Mend nothing by hand: take a backup, see who used the database, restore the newest backup that agrees.',
  },
  'memory and sums': {
    found: 'memori · memory',
    expected: 'tersimpan · kept sum',
    todo: 'Buku sendiri cocok; server membacanya ulang pada pemeriksaan berikutnya (10 detik). Bila berulang: simpan log, mulai ulang server. · The books agree with themselves; the server reads them anew at the next check (10 s). If it comes back: keep the log, restart the server.',
  },
};

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
  const lines = [
    `JUMLAH TIDAK COCOK · SUMS DISAGREE: ${differences.length} angka · figures${since === null ? '' : `, sejak · since ${new Date(since).toISOString()}`}`,
    'Layar menahan angka terakhir yang benar dan menyatakannya. · Screens hold the last true figures and say so.',
    '',
  ];
  for (const { areaId, figure, between, found, expected } of differences) {
    const area = areaOf(areaId);
    const where = area ? `${area.code} ${area.name} (${area.level})` : `area ${areaId}`;
    const { found: foundWord, expected: expectedWord } = WHAT[between];
    const difference = found - expected;
    lines.push(
      `${where}: ${figure}: ${foundWord} ${found}, ${expectedWord} ${expected}, selisih · difference ${difference > 0 ? '+' : ''}${difference}`,
    );
  }
  lines.push('', 'Yang dilakukan · what to do:');
  for (const between of new Set(differences.map((each) => each.between)))
    lines.push(`- ${WHAT[between].todo}`);
  return `${lines.join('\n')}\n`;
}
