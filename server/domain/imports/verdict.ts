import type { Refusal } from '#server/base/refusal.ts';
import { catalog, type TextKey } from '#texts/catalog.ts';
import type { Heading } from './layout.ts';

/** What became of one row. `reason` names the sentence that says it in both languages. */
export type Verdict =
  | { readonly outcome: 'ACCEPTED'; readonly revision: number | null }
  | {
      readonly outcome: 'DUPLICATE' | 'REJECTED';
      readonly reason: TextKey;
      /** The column it is about; null where it is about the row. */
      readonly heading: Heading | null;
    };

export function rejected(reason: TextKey, heading: Heading | null = null): Verdict {
  return { outcome: 'REJECTED', reason, heading };
}

export function duplicate(reason: TextKey): Verdict {
  return { outcome: 'DUPLICATE', reason, heading: 'nik' };
}

const HEADING_OF: Readonly<Record<string, Heading>> = {
  neighborhood: 'kode_lingkungan',
  nik: 'nik',
  name: 'nama',
  birthDate: 'tanggal_lahir',
  occupation: 'pekerjaan',
  phone: 'no_hp',
  enrolledOn: 'tanggal_daftar',
};

/** The rules' own no, told with the most particular text there is. */
export function refused({ refusal, field, problem }: Refusal): Verdict {
  if (refusal === 'DuplicateEnrollment') return duplicate('refusal.DuplicateEnrollment');
  const particular = `refusal.${refusal}.${problem}`;
  const reason = particular in catalog ? (particular as TextKey) : (`refusal.${refusal}` as const);
  return rejected(reason, field === null ? null : (HEADING_OF[field] ?? null));
}
