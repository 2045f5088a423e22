import { catalog, type Language } from '#texts/catalog.ts';

/** Why a whole file was not taken in. Nothing of it was counted. */
export type FileProblemName =
  | 'NOT_A_FILE'
  | 'EMPTY'
  | 'NOT_TEXT'
  | 'EXCEL'
  | 'UTF16'
  | 'LINE_TOO_LONG'
  | 'TOO_LARGE'
  | 'TOO_MANY_ROWS'
  | 'HEADINGS'
  | 'HEADING_TWICE'
  | 'NIK_ROUNDED'
  | 'NOT_PERMITTED'
  | 'NOT_OPEN'
  | 'NO_FILE'
  | 'SEVERAL_FILES'
  | 'BUSY';

export interface FileProblem {
  readonly problem: FileProblemName;
  /** 1-based; null where it is about the whole. */
  readonly line: number | null;
  /** What is missing or too much, in the words of the file format; never a value of a row. */
  readonly detail: string | null;
}

export function fileProblem(
  problem: FileProblemName,
  line: number | null = null,
  detail: string | null = null,
): FileProblem {
  return { problem, line, detail };
}

export function isFileProblem(value: object): value is FileProblem {
  return 'problem' in value && 'detail' in value;
}

/** The problem in words: what is wrong and what to do. */
export function tellProblem({ problem, line, detail }: FileProblem, language: Language): string {
  const isNumber = detail !== null && /^\d+$/.test(detail);
  const told = isNumber ? Number(detail).toLocaleString(language) : (detail ?? '');
  return catalog[`import.problem.${problem}`][language]
    .replace('{line}', String(line ?? ''))
    .replace('{detail}', told);
}
