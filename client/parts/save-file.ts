/** Rows of cells as CSV: what Excel in the reader's language opens at once, hence the BOM, and `;` beside a decimal comma. */
import type { ProgramMode } from '#client/wire/generated/staff/graphql.ts';
import type { Language, TextKey } from '#texts/catalog.ts';

/** What each line of a file says of its figures. */
export const dataMarks: Readonly<Record<ProgramMode, TextKey>> = {
  DEMO: 'csv.simulated',
  REHEARSAL: 'csv.rehearsal',
  LIVE: 'csv.real',
};

const separators: Record<Language, string> = { id: ';', en: ',' };

export function csvOf(rows: readonly (readonly string[])[], language: Language): string {
  const separator = separators[language];
  const isSpecial = (cell: string) => cell.includes(separator) || /["\r\n]/.test(cell);
  const quoted = (cell: string) => (isSpecial(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return `\uFEFF${rows.map((row) => `${row.map(quoted).join(separator)}\r\n`).join('')}`;
}

/** Hands a text to the browser as a file to keep. */
export function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
