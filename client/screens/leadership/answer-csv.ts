import { ratePlain } from '#client/design/numbers.ts';
import { csvOf, dataMarks } from '#client/parts/save-file.ts';
import type { Dimension, Measure, ProgramMode } from '#client/wire/generated/staff/graphql.ts';
import type { Language, TextKey } from '#texts/catalog.ts';
import { type AnswerRow, shareDecimals } from './answer-rows.ts';
import { shapeOf } from './measure.ts';
import { isOfTime } from './question.ts';

interface Taken {
  /** As they stand in the table, in its order. */
  readonly rows: readonly AnswerRow[];
  readonly measure: Measure;
  readonly by: Dimension;
  readonly revision: number;
  readonly asOf: string;
  readonly mode: ProgramMode;
  readonly language: Language;
  text(key: TextKey): string;
}

/** The table as a file. Each line says which revision it is of and whether it is made up, wherever it is pasted. */
export function answerCsv({ rows, measure, by, revision, asOf, mode, language, text }: Taken): string {
  const { kind, whole } = shapeOf(measure);
  const head = [
    text(isOfTime(by) ? 'csv.from' : 'csv.code'),
    text(`by.${by}`),
    text(`column.${measure}`),
    ...(whole === null ? [] : [text(kind === 'change' ? 'column.becoming' : 'column.of')]),
    ...(kind === 'part' ? [text('column.rate')] : []),
    text('csv.revision'),
    text('csv.as-of'),
    text('csv.data'),
  ];
  const lines = rows.map((row) => [
    row.code,
    row.name,
    String(row.count),
    ...(whole === null ? [] : [row.whole === null ? '' : String(row.whole)]),
    ...(kind === 'part'
      ? [row.whole === null ? '' : ratePlain(row.count, row.whole, shareDecimals, language)]
      : []),
    String(revision),
    asOf,
    text(dataMarks[mode]),
  ]);
  return csvOf([head, ...lines], language);
}
